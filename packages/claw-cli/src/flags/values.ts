import { UsageError } from "./usage-error.ts";

/** The values that were given, by the option's full name. A switch that was given has an empty one. */
export type Values = ReadonlyMap<string, readonly string[]>;

/** Refuses options that contradict each other. */
export function exclusive(values: Values, names: readonly string[]): void {
  const given = names.filter((name) => values.has(name)).map((name) => `--${name}`);
  if (given.length > 1) throw new UsageError(`${given.join(" and ")} cannot be used together.`);
}
