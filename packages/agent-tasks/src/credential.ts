/**
 * Whether an environment variable holds, or leads to, somebody's account: by its name, or by a value that has the
 * form of a well-known key, a private key or a URL with a password. Proxy addresses are let through, as without them
 * nothing is reached.
 */
export function isCredential(name: string, value: string): boolean {
  return isSecretName(name) || leads.some((pattern) => pattern.test(name)) || isSecretValue(name, value);
}

/** Whether a variable of this name holds a secret itself, and not only where one is, or whose. */
export function isSecretName(name: string): boolean {
  return secretNames.some((pattern) => pattern.test(name));
}

/** `TOKEN` and its like count as whole words between underscores, so that `TOKENIZERS_PARALLELISM` stays. */
const secretNames: readonly RegExp[] = [
  /SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL/i,
  /(?:^|_)(?:TOKEN|TOKENS|PAT|APIKEY)(?:_|$)/i,
  /(?:API|ACCESS|PRIVATE|SIGNING|ENCRYPTION|MASTER|AUTH)_?KEY/i,
  /_KEY$/i,
  /(?:^|_)AUTH$|^AUTHORIZATION$|_AUTHORIZATION$/i,
  /^npm_config_.*_auth/i,
  /^(?:MYSQL_PWD|SSHPASS)$/i,
];

/** Names that lead to an account: its vendor's, and those of files. */
const leads: readonly RegExp[] = [
  /^(?:AWS|AZURE|ANTHROPIC|OPENAI|GEMINI|MISTRAL|GROQ|OPENROUTER|HF|HUGGINGFACE)_/i,
  /^(?:PGPASSFILE|PGSERVICEFILE|NETRC)$/i,
];

const secretForms: readonly RegExp[] = [
  /^(?:sk|rk|pk)[-_][A-Za-z0-9_-]{16,}$/,
  /(?:^|[^A-Za-z0-9])(?:gh[opsur]_|github_pat_|glpat-|xox[abeoprs]-)[A-Za-z0-9_-]{16,}/,
  /^(?:npm_|hf_|AKIA|ASIA)[A-Za-z0-9_-]{12,}$/,
  /^AIza[A-Za-z0-9_-]{30,}$/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /^Bearer\s+\S{8,}$/i,
];

function isSecretValue(name: string, value: string): boolean {
  if (secretForms.some((form) => form.test(value))) return true;
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s:@]*:[^/?#\s@]+@/i.test(value) && !/_proxy$/i.test(name);
}
