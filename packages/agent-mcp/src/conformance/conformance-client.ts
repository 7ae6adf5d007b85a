import {
  type CallContext,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  toolCallId,
} from "@claw/agent-core";
import { createServerAuth } from "../auth/create-server-auth.ts";
import { memoryCredentials } from "../auth/credential-store.ts";
import type { OAuthDefinition, RemoteDefinition } from "../config/server-definition.ts";
import { createServer } from "../server/create-server.ts";
import type { Server } from "../server/server.ts";

/** What the conformance suite says to the client under test. */
export interface ConformanceTask {
  readonly url: string;
  readonly scenario: string;
  /** The scenario's data. */
  readonly context: JsonObject;
}

/**
 * The client that the official conformance suite drives: what its scenarios ask for, done with this package alone.
 * Rejects where a user would be told of a fault.
 */
export async function runConformanceClient({ url, scenario, context }: ConformanceTask): Promise<void> {
  const definition: RemoteDefinition = { type: "http", url, oauth: oauthOf(scenario, context) };
  const auth = createServerAuth({
    name: "suite",
    definition,
    store: memoryCredentials(),
    redirectUrl: "http://localhost:3000/callback",
    authorize: followAuthorization,
  });
  const server = createServer({
    key: "suite",
    configured: { name: "suite", scope: "code", hash: "", definition },
    auth,
    cwd: process.cwd(),
    environment: {},
    host: {
      roots: () => [process.cwd()],
      elicit: () => Promise.resolve({ action: "accept", content: { confirmed: true, name: "Ada" } }),
      sample: () => Promise.resolve({ model: "test", text: "Hello.", stop: "endTurn" }),
    },
    limits: { awayMs: 20_000 },
    onCatalog: () => undefined,
    onState: () => undefined,
  });
  try {
    await ready(server);
    await perform(scenario, context, server);
  } finally {
    await server.close();
  }
}

async function ready(server: Server): Promise<void> {
  server.start();
  await server.settled(20_000, new AbortController().signal);
  const state = server.state();
  if (state.type === "ready") return;
  throw new Error("fault" in state ? state.fault.message : `The server is ${state.type}.`);
}

async function perform(scenario: string, context: JsonObject, server: Server): Promise<void> {
  switch (scenario) {
    case "initialize":
    case "json-schema-ref-no-deref":
      return;
    case "tools_call":
      return call(server, "add_numbers", { a: 5, b: 3 });
    case "elicitation-sep1034-client-defaults":
      return call(server, "test_client_elicitation_defaults", {});
    case "sse-retry":
      return call(server, "test_reconnection", {});
    case "json-schema-2020-12-preservation":
      return call(server, "json_schema_echo", { schema: schemaOf(server, "json_schema_2020_12_tool") });
    case "http-custom-headers":
      for (const [name, values] of givenCalls(context)) await call(server, name, values);
      return;
    case "http-standard-headers":
      return useOneOfEach(server);
    default:
      for (const { name } of server.catalog().tools) await call(server, name, {});
  }
}

async function call(server: Server, name: string, values: JsonObject): Promise<void> {
  const tool = server.catalog().tools.find((each) => each.name === name);
  if (tool === undefined) return; // Dropped, because its definition breaks the protocol.
  const outcome = await server.call(tool, values, callContext);
  if (outcome.status === "failed" && !answered.includes(outcome.error.code))
    throw new Error(outcome.error.message);
}

/** The server said something, be it nonsense. */
const answered: readonly string[] = ["tool-failed", "tool-broken"];

async function useOneOfEach(server: Server): Promise<void> {
  const { tools, resources, prompts } = server.catalog();
  const { signal } = new AbortController();
  if (tools[0] !== undefined) await call(server, tools[0].name, {});
  if (resources[0] !== undefined) await server.readResource(resources[0].uri, signal);
  if (prompts[0] !== undefined) await server.getPrompt(prompts[0].name, {}, signal);
}

const callContext: CallContext = {
  call: toolCallId("conformance"),
  cwd: process.cwd(),
  signal: new AbortController().signal,
  idempotencyKey: "conformance",
  plan: () => Promise.resolve(),
  progress: () => undefined,
  invoke: () => Promise.reject(new Error("Nothing is called from inside of a call.")),
};

function schemaOf(server: Server, name: string): JsonValue {
  return server.catalog().tools.find((tool) => tool.name === name)?.inputSchema ?? {};
}

function givenCalls(context: JsonObject): readonly (readonly [string, JsonObject])[] {
  const calls = context["toolCalls"];
  if (!Array.isArray(calls)) return [];
  return calls.filter(isJsonObject).map((each) => {
    const { arguments: values } = each;
    return [text(each, "name") ?? "", isJsonObject(values) ? values : {}];
  });
}

function oauthOf(scenario: string, context: JsonObject): OAuthDefinition {
  const clientId = text(context, "client_id");
  const clientSecret = text(context, "client_secret");
  const known = {
    ...(clientId === undefined ? {} : { clientId }),
    ...(clientSecret === undefined ? {} : { clientSecret }),
  };
  if (scenario.endsWith("client-credentials-basic"))
    return { ...known, grant: { type: "client-credentials" } };
  const privateKey = text(context, "private_key_pem");
  if (privateKey !== undefined) {
    const algorithm = text(context, "signing_algorithm") ?? "ES256";
    return { ...known, grant: { type: "private-key", privateKey, algorithm } };
  }
  const idToken = text(context, "idp_id_token");
  if (idToken !== undefined) {
    const identityTokenEndpoint = text(context, "idp_token_endpoint") ?? "";
    const identityClientId = text(context, "idp_client_id") ?? "";
    return { ...known, grant: { type: "cross-app", idToken, identityTokenEndpoint, identityClientId } };
  }
  return { ...known, clientMetadataUrl: "https://conformance-test.local/client-metadata.json" };
}

/** The suite's browser: the address answers with where it would go. */
async function followAuthorization(url: URL): Promise<URLSearchParams> {
  const { headers } = await fetch(url, { redirect: "manual" });
  const location = headers.get("location");
  if (location === null) throw new Error("The authorization server sent nobody back.");
  return new URL(location, url).searchParams;
}

function text(from: JsonObject, key: string): string | undefined {
  const value = from[key];
  return typeof value === "string" ? value : undefined;
}
