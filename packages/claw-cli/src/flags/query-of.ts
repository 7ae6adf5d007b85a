import { exclusive, type Values } from "./values.ts";

/**
 * The query's text; a lone word behind `--print` and other options is its text too. Takes it off `positionals`. Throws a
 * `UsageError`.
 */
export function queryOf(values: Values, positionals: string[]): string | undefined {
  exclusive(values, ["query", "print"]);
  const given = values.get("query")?.at(-1) ?? values.get("print")?.at(-1);
  if (given !== "" || values.has("query")) return given;
  return positionals.length === 1 ? positionals.shift() : undefined;
}
