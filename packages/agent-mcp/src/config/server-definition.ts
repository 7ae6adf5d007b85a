import type { JsonObject } from "@claw/agent-core";
import type { Transport } from "@modelcontextprotocol/client";

/** How one MCP server is reached. */
export type ServerDefinition = StdioDefinition | RemoteDefinition | InProcessDefinition;

/** A program that speaks over its stdin and stdout. */
export interface StdioDefinition extends CommonDefinition {
  readonly type: "stdio";
  readonly command: string;
  readonly args?: readonly string[];
  /** Added to what every server gets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the workspace. */
  readonly cwd?: string;
}

/** A server behind a URL: Streamable HTTP, or the older HTTP with server-sent events. */
export interface RemoteDefinition extends CommonDefinition {
  readonly type: "http" | "sse";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly oauth?: OAuthDefinition;
}

/** A server in this process. Only code can name one. */
export interface InProcessDefinition extends CommonDefinition {
  readonly type: "in-process";
  /** Makes the server and joins it to the transport: called anew for each connection. */
  readonly connect: (transport: Transport) => Promise<void>;
}

interface CommonDefinition {
  /** Of one call, in milliseconds; progress begins it anew. Default: 60,000. */
  readonly timeoutMs?: number;
  /** Its tools are always shown to the model whole, however large they are. */
  readonly alwaysLoad?: boolean;
}

/** What is known about the OAuth client before the server is asked. */
export interface OAuthDefinition {
  /** Of a client that was registered beforehand. Left out: the client registers itself. */
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** The authorization server that the client belongs to. Left out: the first that the server names. */
  readonly issuer?: string;
  /** URL of a client id metadata document, for servers that take one in place of a registration. */
  readonly clientMetadataUrl?: string;
  /** The loopback port that the browser comes back to. Default: any free one. */
  readonly callbackPort?: number;
  /** Without a person: by client secret, by a signed assertion, or with an identity token of the company. */
  readonly grant?: OAuthGrant;
}

export type OAuthGrant =
  | { readonly type: "client-credentials" }
  | { readonly type: "private-key"; readonly privateKey: string; readonly algorithm: string }
  | {
      readonly type: "cross-app";
      readonly idToken: string;
      readonly identityTokenEndpoint: string;
      readonly identityClientId: string;
    };

/** Where a definition came from; the strongest first: the whole entry of the winner is used. */
export type ServerScope = "code" | "flag" | "local" | "project" | "user" | "plugin";

/** One server as it was found. */
export interface ConfiguredServer {
  /** As it was written. */
  readonly name: string;
  readonly scope: ServerScope;
  readonly definition: ServerDefinition;
  /** Of what was written, before variables were filled in: what an approval is pinned to. */
  readonly hash: string;
  /** What was written, for people. Absent for servers in this process. */
  readonly written?: JsonObject;
  readonly file?: string;
  readonly line?: number;
}
