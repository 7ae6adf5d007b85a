import { isJsonObject, type JsonObject, type JsonValue, parseUrl } from "@claw/agent-core";
import { expandVariables } from "./expand-variables.ts";
import type { OAuthDefinition, OAuthGrant, ServerDefinition } from "./server-definition.ts";

/** A definition with its variables filled in, and the names of those that could not be. */
export interface ReadDefinition {
  readonly definition: ServerDefinition;
  readonly unset: readonly string[];
}

/** Checks one entry of `mcpServers`. Gives the reason, in the middle of a sentence, where it cannot be used. */
export function readDefinition(
  name: string,
  written: JsonValue,
  env: Readonly<Record<string, string | undefined>>,
): ReadDefinition | string {
  if (name.trim() === "" || name.length > 64) return "its name must have 1 to 64 characters";
  if (!isJsonObject(written)) return "it is not an object";
  const unset = new Set<string>();
  const entry = fillIn(written, env, unset);
  const definition = kindOf(entry) === "stdio" ? readStdio(entry) : readRemote(entry);
  return typeof definition === "string" ? definition : { definition, unset: [...unset] };
}

/** Keys whose texts may hold variables. */
const expanded = ["command", "args", "env", "url", "headers", "cwd", "oauth"];

function fillIn(
  written: JsonObject,
  env: Readonly<Record<string, string | undefined>>,
  unset: Set<string>,
): JsonObject {
  const fill = (value: JsonValue): JsonValue => {
    if (typeof value === "string") {
      const { text, unset: names } = expandVariables(value, env);
      for (const name of names) unset.add(name);
      return text;
    }
    if (Array.isArray(value)) return value.map((item: JsonValue) => fill(item));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item)]));
  };
  return Object.fromEntries(
    Object.entries(written).map(([key, value]) => [key, expanded.includes(key) ? fill(value) : value]),
  );
}

function kindOf(entry: JsonObject): JsonValue | undefined {
  return entry["type"] ?? (entry["command"] === undefined ? undefined : "stdio");
}

function readStdio(entry: JsonObject): ServerDefinition | string {
  const { command, args, env, cwd } = entry;
  if (typeof command !== "string" || command.trim() === "") return '"command" must be a text';
  if (!isTexts(args)) return '"args" must be a list of texts';
  if (!isTextMap(env)) return '"env" must be an object of texts';
  if (cwd !== undefined && typeof cwd !== "string") return '"cwd" must be a text';
  const common = readCommon(entry);
  if (typeof common === "string") return common;
  return {
    type: "stdio",
    command,
    args: args ?? [],
    env: env ?? {},
    ...(cwd === undefined ? {} : { cwd }),
    ...common,
  };
}

function readRemote(entry: JsonObject): ServerDefinition | string {
  const { url, headers } = entry;
  const type = remoteType(entry["type"]);
  if (type === undefined) return unknownType(entry["type"]);
  if (typeof url !== "string" || !isWebAddress(url)) return '"url" must be an http or https URL';
  if (holdsLogin(url)) return '"url" must not hold a user or a password: no request can be made with it';
  if (!isTextMap(headers)) return '"headers" must be an object of texts';
  if (entry["headersHelper"] !== undefined) return '"headersHelper" is not supported: use "headers" or OAuth';
  const oauth = readOAuth(entry["oauth"]);
  if (typeof oauth === "string") return oauth;
  const common = readCommon(entry);
  if (typeof common === "string") return common;
  return {
    type,
    url,
    headers: headers ?? {},
    ...(oauth === undefined ? {} : { oauth }),
    ...common,
  };
}

function remoteType(type: JsonValue | undefined): "http" | "sse" | undefined {
  if (type === "sse") return "sse";
  return type === "http" || type === "streamable-http" ? "http" : undefined;
}

function unknownType(type: JsonValue | undefined): string {
  return type === undefined
    ? 'it needs a "command", or a "type" (http or sse) with a "url"'
    : `"type" is ${JSON.stringify(type)}, not stdio, http or sse`;
}

function readCommon(entry: JsonObject): { timeoutMs?: number; alwaysLoad?: boolean } | string {
  const { timeout, alwaysLoad } = entry;
  if (timeout !== undefined && !(typeof timeout === "number" && timeout > 0)) {
    return '"timeout" must be a number of milliseconds';
  }
  if (alwaysLoad !== undefined && typeof alwaysLoad !== "boolean")
    return '"alwaysLoad" must be true or false';
  return {
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    ...(alwaysLoad === undefined ? {} : { alwaysLoad }),
  };
}

function readOAuth(value: JsonValue | undefined): OAuthDefinition | undefined | string {
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) return '"oauth" must be an object';
  const { clientId, clientSecret, issuer, clientMetadataUrl, callbackPort } = value;
  const texts = { clientId, clientSecret, issuer, clientMetadataUrl };
  const wrong = Object.entries(texts).find(([, text]) => text !== undefined && typeof text !== "string");
  if (wrong !== undefined) return `"oauth.${wrong[0]}" must be a text`;
  if (callbackPort !== undefined && !isPort(callbackPort)) return '"oauth.callbackPort" must be a port';
  const grant = readGrant(value["grant"]);
  if (typeof grant === "string") return grant;
  return {
    ...(typeof clientId === "string" ? { clientId } : {}),
    ...(typeof clientSecret === "string" ? { clientSecret } : {}),
    ...(typeof issuer === "string" ? { issuer } : {}),
    ...(typeof clientMetadataUrl === "string" ? { clientMetadataUrl } : {}),
    ...(isPort(callbackPort) ? { callbackPort } : {}),
    ...(grant === undefined ? {} : { grant }),
  };
}

function readGrant(value: JsonValue | undefined): OAuthGrant | undefined | string {
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) return '"oauth.grant" must be an object';
  const text = (key: string): string => (typeof value[key] === "string" ? value[key] : "");
  switch (value["type"]) {
    case "client-credentials":
      return { type: "client-credentials" };
    case "private-key":
      if (text("privateKey") === "") return '"oauth.grant.privateKey" must be a key in PEM';
      return { type: "private-key", privateKey: text("privateKey"), algorithm: text("algorithm") || "ES256" };
    case "cross-app":
      return {
        type: "cross-app",
        idToken: text("idToken"),
        identityTokenEndpoint: text("identityTokenEndpoint"),
        identityClientId: text("identityClientId"),
      };
    default:
      return '"oauth.grant.type" must be client-credentials, private-key or cross-app';
  }
}

function isWebAddress(url: string): boolean {
  return /^https?:$/.test(parseUrl(url)?.protocol ?? "");
}

/** `fetch` refuses it, in words that repeat the password. */
function holdsLogin(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== "" || password !== "";
}

function isPort(value: JsonValue | undefined): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value < 65_536;
}

function isTexts(value: JsonValue | undefined): value is readonly string[] | undefined {
  return value === undefined || (Array.isArray(value) && value.every((item) => typeof item === "string"));
}

function isTextMap(value: JsonValue | undefined): value is Readonly<Record<string, string>> | undefined {
  return (
    value === undefined ||
    (isJsonObject(value) && Object.values(value).every((item) => typeof item === "string"))
  );
}
