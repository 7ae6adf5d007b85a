import type { JsonObject } from "@claw/agent-core";
import { checkCountTokens } from "./anthropic-messages/anthropic-rules.ts";
import type { Exchange } from "./exchange.ts";
import { answerError, hasAcceptedKey, refuse } from "./exchange.ts";
import type { Finding } from "./finding.ts";
import { looseText } from "./loose-json.ts";
import type { ListedModel } from "./model-listing.ts";
import {
  anthropicListing,
  anthropicModel,
  ollamaShow,
  ollamaTags,
  openaiListing,
  openaiModel,
} from "./model-listing.ts";
import type { Inquiry } from "./route.ts";
import type { VendorError } from "./wire.ts";

/** Answers a question about models or tokens. */
export function answerInquiry(exchange: Exchange, inquiry: Inquiry): void {
  const answer = hasAcceptedKey(exchange, inquiry.format)
    ? findAnswer(exchange, inquiry)
    : failed({ status: 401, message: "invalid api key" });
  switch (answer.type) {
    case "found":
      exchange.connection.head(200, { "content-type": "application/json" });
      exchange.connection.end(JSON.stringify(answer.body));
      break;
    case "failed":
      answerError(exchange, inquiry.format, answer.error);
      break;
    case "refused":
      refuse(exchange, inquiry.format, answer.findings);
      break;
  }
}

type Answer =
  | { readonly type: "found"; readonly body: JsonObject }
  | { readonly type: "failed"; readonly error: VendorError }
  | { readonly type: "refused"; readonly findings: readonly Finding[] };

function findAnswer(exchange: Exchange, inquiry: Inquiry): Answer {
  const { body, state } = exchange;
  if (body.type === "refused") return { type: "refused", findings: [body.finding] };
  const anthropic = inquiry.format.wire === "anthropic-messages";
  switch (inquiry.type) {
    case "models":
      if (inquiry.model !== undefined)
        return findModel(exchange, inquiry.model, anthropic ? anthropicModel : openaiModel);
      return found(anthropic ? anthropicListing(state.models) : openaiListing(state.models));
    case "tags":
      return found(ollamaTags(state.models));
    case "version":
      return found({ version: "0.12.6" });
    case "show": {
      const id = looseText(body.body["model"] ?? body.body["name"]);
      if (id === "") return { type: "refused", findings: [{ message: "model is required" }] };
      return findModel(exchange, id, ollamaShow);
    }
    case "count-tokens": {
      const findings = checkCountTokens({ headers: exchange.headers, body: body.body }, state.memory);
      if (findings.length > 0) return { type: "refused", findings };
      return found({ input_tokens: Math.ceil(body.raw.length / 4) });
    }
  }
}

function findModel({ state }: Exchange, id: string, write: (model: ListedModel) => JsonObject): Answer {
  const model = state.models.find((one) => one.id === id);
  if (model === undefined) return failed({ status: 404, message: `model '${id}' not found` });
  return found(write(model));
}

function found(body: JsonObject): Answer {
  return { type: "found", body };
}

function failed(error: VendorError): Answer {
  return { type: "failed", error };
}
