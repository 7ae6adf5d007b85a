import type { KnownSecret, SecretForm } from "@claw/agent-tools";

/** Secrets beside those that are found without being told: credentials of the environment, and the forms of well-known keys. */
export interface RedactOptions {
  /** Names of environment variables whose values are secrets although their names do not say so. */
  readonly variables?: readonly string[];
  readonly known?: readonly KnownSecret[];
  readonly forms?: readonly SecretForm[];
}
