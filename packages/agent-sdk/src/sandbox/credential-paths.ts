import { join } from "node:path";

/** What no confined command can read: keys and accounts of the person, wherever programs keep them. */
export function credentialPaths(home: string): readonly string[] {
  return names.map((name) => join(home, name));
}

const names: readonly string[] = [
  ".ssh",
  ".gnupg",
  ".aws",
  ".azure",
  ".kube",
  ".docker",
  ".oci",
  ".config/gcloud",
  ".config/gh",
  ".config/glab-cli",
  ".config/hub",
  ".config/op",
  ".config/doctl",
  ".netrc",
  ".git-credentials",
  ".config/git/credentials",
  ".pypirc",
  ".pgpass",
  ".my.cnf",
  ".npmrc",
  ".yarnrc.yml",
  ".vault-token",
  ".cargo/credentials",
  ".cargo/credentials.toml",
  ".gem/credentials",
  ".terraform.d/credentials.tfrc.json",
  ".m2/settings.xml",
  ".password-store",
  ".local/share/keyrings",
  ".mozilla",
  ".config/google-chrome",
  ".config/chromium",
  "Library/Keychains",
  "Library/Application Support/Google/Chrome",
  "Library/Application Support/Firefox",
  // Other agents' accounts and transcripts.
  ".claude.json",
  ".claude/.credentials.json",
  ".codex/auth.json",
  ".gemini/oauth_creds.json",
];
