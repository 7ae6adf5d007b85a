/** The middle, the smallest and the largest of some measurements. */
export function spread(values) {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length / 2;
  const median =
    sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1) };
}

/** The median of one run's gaps in milliseconds: from the end of an answer to the arrival of the next request. */
export function gap(turns) {
  return spread(turns.slice(1).map((turn, index) => turn.arrived - turns[index].ended)).median;
}

/**
 * How many microseconds each turn takes longer than the one before it, from the end of an answer until the next
 * request is there as a whole: the slope of the straight line with the least squares.
 */
export function growth(turns) {
  const times = turns.slice(1).map((turn, index) => turn.received - turns[index].ended);
  const settled = times.slice(20); // the first ones are slow for other reasons
  const middleX = (settled.length - 1) / 2;
  const middleY = settled.reduce((sum, time) => sum + time, 0) / settled.length;
  let product = 0;
  let square = 0;
  for (const [index, time] of settled.entries()) {
    product += (index - middleX) * (time - middleY);
    square += (index - middleX) ** 2;
  }
  return (product / square) * 1000;
}
