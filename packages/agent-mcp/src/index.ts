export { createServerAuth, type ServerAuthOptions } from "./auth/create-server-auth.ts";
export { credentialFiles } from "./auth/credential-file.ts";
export { type CredentialStore, type Credentials, memoryCredentials } from "./auth/credential-store.ts";
export { type Loopback, openLoopback } from "./auth/loopback.ts";
export { type Revocation, type RevokeOptions, revokeTokens } from "./auth/revoke-tokens.ts";
export type { Authorize, ServerAuth } from "./auth/server-auth.ts";
export { definitionHash } from "./config/definition-hash.ts";
export {
  type McpConfig,
  type McpConfigPlace,
  parseMcpConfig,
  readServers,
} from "./config/parse-mcp-config.ts";
export type {
  ConfiguredServer,
  InProcessDefinition,
  OAuthDefinition,
  OAuthGrant,
  RemoteDefinition,
  ServerDefinition,
  ServerScope,
  StdioDefinition,
} from "./config/server-definition.ts";
export { type Backoff, defaultBackoff } from "./connection/backoff.ts";
export type { LogEntry } from "./connection/client-host.ts";
export {
  type Connection,
  type ConnectionOptions,
  createConnection,
  type LiveSession,
} from "./connection/connection.ts";
export type { Fetch } from "./connection/fetch.ts";
export type { McpFaultCode, ServerState } from "./connection/server-state.ts";
export { createMcp, type McpOptions } from "./create-mcp.ts";
export type { Mcp, McpChange } from "./mcp.ts";
export type { Elicit, Elicitation, ElicitationAnswer } from "./people/elicit.ts";
export {
  elicitWithQuestions,
  type PlainAnswer,
  type PlainQuestion,
  type PutQuestions,
} from "./people/elicit-with-questions.ts";
export type { Sample, Sampled, Sampling } from "./people/sample.ts";
export { type GuardedSampling, guardedSampling } from "./people/sampling-tool.ts";
export { type ServedCall, type ServedTools, type ServeOptions, serveTools } from "./serve/serve-tools.ts";
export type {
  Catalog,
  PromptDefinition,
  ResourceDefinition,
  TemplateDefinition,
  ToolDefinition,
} from "./server/catalog.ts";
export type { ServerHost, ServerLimits } from "./server/create-server.ts";
export { expandMentions } from "./server/expand-mentions.ts";
export type { Completion, Server } from "./server/server.ts";
export type { ServerStatus } from "./server-status.ts";
export { type McpToolSet, type McpToolSetOptions, mcpToolSet } from "./tools/mcp-tool-set.ts";
export { type Approval, type Approvals, approvalFile } from "./trust/approvals.ts";
export { type KnownCatalogs, knownCatalogFiles } from "./trust/known-catalogs.ts";
export { type PinnedDriftOptions, pinnedDrift } from "./trust/pinned-drift.ts";
export { serverWords } from "./trust/server-words.ts";
export { toolDrift } from "./trust/tool-drift.ts";
