import type { StoredOAuthClientInformation, StoredOAuthTokens } from "@modelcontextprotocol/client";

/** What is known of the logins of one server, by the issuer that gave it: no issuer sees what another gave. */
export interface Credentials {
  readonly clients: Readonly<Record<string, StoredOAuthClientInformation>>;
  readonly tokens: Readonly<Record<string, StoredOAuthTokens>>;
  /** Whose tokens are in use. */
  readonly issuer?: string;
  /** Where the browser was sent back to: clients were registered with it. */
  readonly redirectUrl?: string;
}

/** Keeps credentials by the URL of the server that they are for. */
export interface CredentialStore {
  readonly load: (url: string) => Promise<Credentials>;
  /** Changes them in one step. */
  readonly change: (url: string, change: (before: Credentials) => Credentials) => Promise<void>;
  /** Whether there were any. Rejects with a `FaultError` `mcp-credentials` where they cannot be taken away. */
  readonly remove: (url: string) => Promise<boolean>;
  /** The servers that there are credentials for, by their URLs. */
  readonly list: () => Promise<readonly string[]>;
}

export const noCredentials: Credentials = { clients: {}, tokens: {} };

/** For one process, such as a test. */
export function memoryCredentials(): CredentialStore {
  const kept = new Map<string, Credentials>();
  return {
    load: (url) => Promise.resolve(kept.get(url) ?? noCredentials),
    change: (url, change) => {
      kept.set(url, change(kept.get(url) ?? noCredentials));
      return Promise.resolve();
    },
    remove: (url) => Promise.resolve(kept.delete(url)),
    list: () => Promise.resolve([...kept.keys()]),
  };
}
