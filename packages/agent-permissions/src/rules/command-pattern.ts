/** A pattern of `Bash(...)`, ready to be matched. */
export interface CommandPattern {
  /** The texts with `*` of which one must fit. */
  readonly forms: readonly string[];
  /** The one command line that it means; absent where it has a wildcard. */
  readonly exact?: string;
  /** Nothing is left open but what follows the last word: there words may be unknown. */
  readonly openAtEnd: boolean;
}

/** ` *` at the end, also written `:*`, stands for any further words and for none, never for the rest of a word. */
export function compileCommandPattern(written: string): CommandPattern {
  const trimmed = written.trim();
  const form = trimmed.endsWith(":*") ? `${trimmed.slice(0, -2)} *` : trimmed;
  const star = form.indexOf("*");
  if (star < 0) return { forms: [form], exact: trimmed, openAtEnd: false };
  const forms = form.endsWith(" *") ? [form, form.slice(0, -2)] : [form];
  return { forms, openAtEnd: star === form.length - 1 };
}
