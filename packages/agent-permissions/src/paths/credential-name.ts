import { wildcardMatches } from "../rules/wildcard.ts";
import { foldName } from "./fold-name.ts";

/**
 * The part of a path that says it holds secrets: keys, tokens, `.env`. Reading one is asked about also inside the
 * workspace. `undefined` for an ordinary path.
 */
export function credentialName(path: string): string | undefined {
  const segments = path.split("/").map(foldName);
  for (const [i, segment] of segments.entries()) {
    if (folders.has(segment)) return segment;
    const pair = `${segment}/${segments[i + 1] ?? ""}`;
    if (nestedPlaces.has(pair)) return pair;
  }
  const last = segments.at(-1) ?? "";
  if (files.has(last)) return last;
  return last.startsWith(".env.") && !samples.test(last) ? last : undefined;
}

const folders: ReadonlySet<string> = new Set([
  ".ssh",
  ".aws",
  ".azure",
  ".gnupg",
  ".kube",
  ".docker",
  ".password-store",
]);

const nestedPlaces: ReadonlySet<string> = new Set([
  ".config/gcloud",
  ".config/gh",
  ".config/op",
  ".config/rclone",
  ".cargo/credentials",
  ".cargo/credentials.toml",
  ".gem/credentials",
  ".m2/settings.xml",
  ".terraform.d/credentials.tfrc.json",
]);

const files: ReadonlySet<string> = new Set([
  ".env",
  ".netrc",
  "_netrc",
  ".npmrc",
  ".pypirc",
  ".pgpass",
  ".git-credentials",
  ".vault-token",
  "id_rsa",
  "id_dsa",
  "id_ecdsa",
  "id_ed25519",
]);

/** Whether a pattern with `*`, `?` and `[...]` may fit the name of a file that holds secrets; rather yes than no. */
export function mayBeCredentialName(pattern: string): boolean {
  const loose = pattern.toLowerCase().replace(/\[[^\]]*\]|\?/g, "*");
  // Patterns with a backslash are read in more than one way.
  if (loose.includes("\\")) return true;
  const names = [
    ...files,
    "config",
    "config.json",
    "settings.xml",
    "hosts.yml",
    "credentials",
    "credentials.toml",
  ];
  return (
    names.some((name) => wildcardMatches(loose, name)) ||
    environments.some((name) => wildcardMatches(loose, `.env.${name}`))
  );
}

const environments =
  "local production prod development dev staging stage test qa ci secret secrets vault keys old bak backup orig save".split(
    " ",
  );

/** Files that show which variables there are, and no value of one. */
const samples = /\.(example|sample|template|dist|defaults)$/;
