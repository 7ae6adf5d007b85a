import { isPlainVariable } from "./readers/shell-setting-reader.ts";
import type { ShellAssignment, ShellWord } from "./shell-script.ts";

/** Whether a variable is one that only changes how a program's output looks, and its value nothing but that. */
export function isSafeAssignment({ name, value }: ShellAssignment): boolean {
  if (value === undefined) return false;
  if (name === "LANG" || /^LC_[A-Z]+$/.test(name)) return clearLocale.test(value);
  return safeNames.has(name) && plainValue.test(value);
}

/**
 * Locales in which ASCII is ASCII wherever it stands. In others (`zh_TW`, `ja_JP.SJIS`) a backslash or a backtick may be
 * the second half of a letter, and bash reads the lines that follow as that.
 */
const clearLocale = /^(?:|C|POSIX|en_[A-Z]{2}|(?:C|[a-z]{2,3}_[A-Z]{2})\.utf-?8)$/i;

const safeNames: ReadonlySet<string> = new Set([
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
