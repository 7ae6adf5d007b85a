import { UsageError } from "./usage-error.ts";

/** A number of 1 or more. */
export function wholeNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new UsageError(`"${value}" is not a value of --${name}.`, "Give a whole number from 1 to 999999999.");
}
