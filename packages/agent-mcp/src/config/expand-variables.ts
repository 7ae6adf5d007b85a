/** A text with its variables filled in. */
export interface Expanded {
  readonly text: string;
  /** Names that have neither a value nor a default: their text was left as it is. */
  readonly unset: readonly string[];
}

/** Fills in `${NAME}` and `${NAME:-default}`. An empty value counts as none where there is a default. */
export function expandVariables(text: string, env: Readonly<Record<string, string | undefined>>): Expanded {
  const unset: string[] = [];
  const filled = text.replace(
    /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g,
    (whole, name: string, fallback: string | undefined) => {
      const value = Object.hasOwn(env, name) ? env[name] : undefined;
      if (fallback !== undefined) return value || fallback;
      if (value !== undefined) return value;
      unset.push(name);
      return whole;
    },
  );
  return { text: filled, unset };
}
