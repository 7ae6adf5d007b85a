/** A calculation with numbers alone; without a minus, so that its result is no flag. */
export function isPlainSum(text: string): boolean {
  return /^\$\(\([\d\s+*/%()]+\)\)$/.test(text);
}
