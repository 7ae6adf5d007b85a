import type { JsonValue } from "@claw/agent-sdk";
import { printableLine } from "../terminal/printable.ts";

/** What a call is about, on one line: the command, the file, the pattern. Empty when its input names nothing short. */
export function toolTarget(input: JsonValue, cwd: string): string {
  if (typeof input !== "object" || input === null || Array.isArray(input))
    return printableLine(JSON.stringify(input), 80);
  const fields = new Map<string, JsonValue>(Object.entries(input));
  const word = (name: string): string | undefined => {
    const value = fields.get(name);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const file = word("file_path") ?? word("notebook_path");
  if (file !== undefined) return printableLine(shownPath(file, cwd), 120);
  const pattern = word("pattern");
  if (pattern !== undefined) {
    const path = word("path");
    return printableLine(path === undefined ? pattern : `${pattern} in ${shownPath(path, cwd)}`, 120);
  }
  const main =
    word("command") ?? word("url") ?? word("query") ?? word("path") ?? word("description") ?? word("prompt");
  if (main !== undefined) return printableLine(main, 120);
  const whole = JSON.stringify(input);
  return fields.size === 0 || whole.length > 80 ? "" : printableLine(whole);
}

/** Relative where it lies inside the working folder. */
export function shownPath(path: string, cwd: string): string {
  const folder = cwd.endsWith("/") ? cwd : `${cwd}/`;
  return path.startsWith(folder) && path.length > folder.length ? path.slice(folder.length) : path;
}
