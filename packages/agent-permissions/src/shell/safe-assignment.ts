import type { ShellAssignment } from "./shell-script.ts";

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
