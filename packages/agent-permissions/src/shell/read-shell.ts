import { hasOddCharacters } from "../visible.ts";
import { parseShell } from "./parse/parse-shell.ts";
import type { ShellScript } from "./shell-script.ts";

/** Longer command lines are always asked about, though the rules are held against them. */
export const longestCommand = 10_000;

/** Beyond this a command line is not even parsed. */
const longestParsed = 200_000;

/** Parses a command line and notes what makes it unfit to be allowed, whatever it says. */
export function readShell(source: string, home: string): ShellScript {
  const faults: string[] = [];
  if (source.length > longestCommand) faults.push(`it is longer than ${longestCommand} characters`);
  if (hasOddCharacters(source)) faults.push("it holds invisible or unusual characters");
  if (source.length > longestParsed)
    return { body: { type: "list", items: [] }, faults, doubts: [], evaluated: [] };
  const script = parseShell(source, home);
  return { ...script, faults: [...faults, ...script.faults] };
}
