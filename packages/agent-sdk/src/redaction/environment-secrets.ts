import { isSecretName } from "@claw/agent-tasks";
import type { KnownSecret } from "@claw/agent-tools";

/**
 * The secrets in an environment: values of variables that are credentials by their name, such as `*_API_KEY`, `*_TOKEN`
 * and `*PASSWORD*`, and of those that are named. A value that stands in ordinary words too, such as `postgres`, is none,
 * and neither is the path of a file.
 */
export function environmentSecrets(
  environment: Readonly<Record<string, string | undefined>>,
  named: readonly string[] = [],
): readonly KnownSecret[] {
  return Object.entries(environment).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const isSecret = named.includes(name) || (isSecretName(name) && isDistinct(value));
    return isSecret ? [{ name, value: value.trim() }] : [];
  });
}

function isDistinct(value: string): boolean {
  if (isPath.test(value) || /^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return false;
  return value.length >= 16 || (value.length >= 8 && /\d/.test(value) && /[A-Za-z]/.test(value));
}

/** A file with an ending, or in a folder of the home: a secret may begin with a slash, and has no such end. */
const isPath = /^(?:~|\.{1,2})?\/[\w./ @-]*\.\w{1,8}$|^~\/|^\.{1,2}\//;
