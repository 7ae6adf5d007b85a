import { anthropicMessages } from "./anthropic-messages/anthropic-messages.ts";
import { ollamaChat } from "./ollama-chat/ollama-chat.ts";
import { openaiChat } from "./openai-chat/openai-chat.ts";
import { openaiResponses } from "./openai-responses/openai-responses.ts";
import type { RequestHeaders, Wire, WireFormat } from "./wire.ts";

/** What a path of the mock stands for. */
export type Route =
  | { readonly type: "reply"; readonly format: WireFormat }
  | { readonly type: "greeting"; readonly format: WireFormat }
  /** A real path of an API that this server does not offer. */
  | { readonly type: "not-offered" }
  | { readonly type: "unknown" }
  | Inquiry;

/** A question about models or tokens, which no script answers. */
export type Inquiry =
  | { readonly type: "count-tokens"; readonly format: WireFormat }
  /** `model`: one of them rather than the list. */
  | { readonly type: "models"; readonly format: WireFormat; readonly model?: string }
  | { readonly type: "tags"; readonly format: WireFormat }
  | { readonly type: "show"; readonly format: WireFormat }
  | { readonly type: "version"; readonly format: WireFormat };

/** Finds the API by the path, as it is on the wire: no path is normalised. */
export function findRoute(
  method: string,
  path: string,
  headers: RequestHeaders,
  wires: readonly Wire[],
): Route {
  const route = knownRoute(method, path, headers);
  if (!("format" in route)) return route;
  const offered = wires.some((wire) => sameApi(wire, route));
  return offered ? route : { type: "not-offered" };
}

function knownRoute(method: string, path: string, headers: RequestHeaders): Route {
  const vendor = headers["anthropic-version"] === undefined ? openaiChat : anthropicMessages;
  const model = /^\/v1\/models\/(.+)$/.exec(path)?.[1];
  if (method === "GET" && model !== undefined)
    return { type: "models", format: vendor, model: decodeURIComponent(model) };
  switch (`${method} ${path}`) {
    case "POST /v1/messages":
      return { type: "reply", format: anthropicMessages };
    case "POST /v1/messages/count_tokens":
      return { type: "count-tokens", format: anthropicMessages };
    case "POST /v1/chat/completions":
      return { type: "reply", format: openaiChat };
    case "POST /v1/responses":
      return { type: "reply", format: openaiResponses };
    case "POST /api/chat":
      return { type: "reply", format: ollamaChat };
    case "GET /v1/models":
      return { type: "models", format: vendor };
    case "GET /api/tags":
      return { type: "tags", format: ollamaChat };
    case "POST /api/show":
      return { type: "show", format: ollamaChat };
    case "GET /api/version":
      return { type: "version", format: ollamaChat };
    case "GET /":
    case "HEAD /":
      return { type: "greeting", format: ollamaChat };
    default:
      return { type: "unknown" };
  }
}

/** The model list is the same for both of OpenAI's protocols. */
function sameApi(wire: Wire, route: Route & { readonly format: WireFormat }): boolean {
  if (route.type === "models" && route.format.wire === "openai-chat")
    return wire === "openai-chat" || wire === "openai-responses" || wire === "ollama-chat";
  return wire === route.format.wire;
}
