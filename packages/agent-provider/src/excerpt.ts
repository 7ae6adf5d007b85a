/** The beginning of a text on one line, cut between code points, for use in a message. */
export function excerpt(text: string, limit = 400): string {
  const line = text
    .slice(0, limit * 4)
    .replace(/\s+/g, " ")
    .trim();
  const points = Array.from(line);
  return points.length > limit ? `${points.slice(0, limit).join("")}…` : line;
}
