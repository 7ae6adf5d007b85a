import { isPlainVariable } from "./readers/shell-setting-reader.ts";
import type { ShellAssignment, ShellWord } from "./shell-script.ts";

/** Whether a variable is one that only changes how a program's output looks, and its value nothing but that. */
export function isSafeAssignment({ name, value }: ShellAssignment): boolean {
  return (safeNames.has(name) || /^LC_[A-Z]+$/.test(name)) && value !== undefined && plainValue.test(value);
}

const safeNames: ReadonlySet<string> = new Set([
  "LANG",
  "LANGUAGE",
  "TZ",
  "NO_COLOR",
  "FORCE_COLOR",
  "CLICOLOR",
  "CLICOLOR_FORCE",
  "COLUMNS",
  "LINES",
  "CI",
  "NODE_ENV",
  "RUST_BACKTRACE",
  "PYTHONUNBUFFERED",
  "PYTHONDONTWRITEBYTECODE",
  "GOOS",
  "GOARCH",
]);

/** No path, neither absolute nor upwards. */
const plainValue = /^(?![/:.])[\w.,@+-]*(\/[\w+-]+)*$/;

/** `IFS= read -r line`: how this one `read` cuts its line. */
export function isSeparator({ name, value }: ShellAssignment, [head]: readonly ShellWord[]): boolean {
  return name === "IFS" && value !== undefined && head?.literal === "read";
}

/**
 * Whether an assignment that stands alone sets a variable which means nothing to the shell or to a program. Single
 * capital letters, and a few words that scripts use, are such names too.
 */
export function isOwnVariable({ name }: ShellAssignment): boolean {
  return (
    isPlainVariable(name) || /^([A-Z]|FILES?|DIRS?|COUNT|TOTAL|BRANCH|COMMIT|LINE|RESULT|OUTPUT)$/.test(name)
  );
}
