import { thrownText } from "@claw/agent-core";
import { parse } from "unbash";
import type { ShellScript } from "../shell-script.ts";
import { emptyScript, ShellReader } from "./shell-reader.ts";

/**
 * Reads a command line as bash would. Only this folder knows the parser: whatever it cannot vouch for comes out
 * as a fault, a doubt or a word without a literal. Never throws. `home` is what a tilde stands for.
 */
export function parseShell(source: string, home: string): ShellScript {
  const reader = new ShellReader(source, home);
  try {
    const body = reader.script(parse(source));
    return { body, faults: reader.faults, doubts: reader.doubts, evaluated: reader.evaluated };
  } catch (error) {
    return { ...emptyScript, faults: [`it could not be parsed (${thrownText(error)})`] };
  }
}
