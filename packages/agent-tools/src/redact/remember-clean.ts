import type { Redact } from "@claw/agent-core";

/**
 * The redactor, which remembers long texts in which it found nothing: a tool's result passes it as the outcome, in an
 * event for listeners and in the journal. Holds on to the latest of them, at most `maxCharacters` in all.
 */
export function rememberClean(redact: Redact): Redact {
  const clean = new Set<string>();
  let characters = 0;

  function remember(text: string): void {
    clean.add(text);
    characters += text.length;
    for (const oldest of clean) {
      if (characters <= maxCharacters) return;
      clean.delete(oldest);
      characters -= oldest.length;
    }
  }

  return (text) => {
    if (text.length < worthwhile || text.length > maxCharacters) return redact(text);
    if (clean.has(text)) return text;
    const shown = redact(text);
    if (shown === text) remember(text);
    return shown;
  };
}

/** Texts of fewer characters are looked at sooner than looked up. */
export const worthwhile = 512;
const maxCharacters = 2 ** 19;
