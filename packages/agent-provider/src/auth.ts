/** How a request proves who sends it. */
export type Auth =
  | { readonly type: "none" }
  | { readonly type: "api-key"; readonly header: string; readonly key: string }
  | { readonly type: "bearer"; readonly token: string };

/** The headers that carry the proof. */
export function authHeaders(auth: Auth): Readonly<Record<string, string>> {
  switch (auth.type) {
    case "none":
      return {};
    case "api-key":
      return { [auth.header]: auth.key };
    case "bearer":
      return { authorization: `Bearer ${auth.token}` };
  }
}

/** What must never appear in a message. */
export function authSecrets(auth: Auth): readonly string[] {
  switch (auth.type) {
    case "none":
      return [];
    case "api-key":
      return [auth.key];
    case "bearer":
      return [auth.token];
  }
}
