import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { type Content, isJsonObject, type JsonValue, text, thrownText } from "@claw/agent-core";
import type {
  Client,
  ClientCapabilities,
  CreateMessageRequest,
  CreateMessageResult,
  ElicitRequest,
  ElicitResult,
  SamplingMessage,
} from "@modelcontextprotocol/client";
import type { Elicitation } from "../people/elicit.ts";
import { withDefaults } from "../people/with-defaults.ts";
import type { ClientHost } from "./client-host.ts";

/** What is offered to servers: only what there is somebody to answer. */
export function clientCapabilities(host: ClientHost): ClientCapabilities {
  return {
    ...(host.roots === undefined ? {} : { roots: { listChanged: true } }),
    ...(host.sample === undefined ? {} : { sampling: {} }),
    ...(host.elicit === undefined ? {} : { elicitation: { form: { applyDefaults: true }, url: {} } }),
  };
}

/** Answers a server's questions: about folders, to the person, to the model; and hears what it logs. */
export function setClientHandlers(client: Client, server: string, host: ClientHost): void {
  const { roots, elicit, sample, log } = host;
  if (roots !== undefined) {
    client.setRequestHandler("roots/list", () => ({
      roots: roots().map((path) => ({ uri: pathToFileURL(path).href, name: basename(path) })),
    }));
  }
  if (elicit !== undefined) {
    client.setRequestHandler("elicitation/create", async (request, context): Promise<ElicitResult> => {
      const elicitation = elicitationOf(request, server);
      const answer = await elicit(elicitation, context.mcpReq.signal);
      if (answer.action !== "accept" || elicitation.type === "url") return { action: answer.action };
      const content = withDefaults(elicitation.schema, answer.content ?? {});
      // Fields of a form are simple values.
      return { action: "accept", content: content as NonNullable<ElicitResult["content"]> };
    });
  }
  if (sample !== undefined) {
    client.setRequestHandler("sampling/createMessage", async (request, context) => {
      const sampled = await sample(samplingOf(request, server), context.mcpReq.signal);
      return {
        role: "assistant",
        model: sampled.model,
        stopReason: sampled.stop,
        content: { type: "text", text: sampled.text },
      } satisfies CreateMessageResult;
    });
  }
  client.setNotificationHandler("notifications/message", ({ params }) => {
    log?.({ server, level: params.level, text: wordsOf(params.data) });
  });
}

function elicitationOf({ params }: ElicitRequest, server: string): Elicitation {
  const { message } = params;
  if (params.mode === "url") return { type: "url", server, message, url: params.url };
  // It came as JSON.
  const schema = params.requestedSchema as unknown as JsonValue;
  return { type: "form", server, message, schema: isJsonObject(schema) ? schema : {} };
}

function samplingOf(
  { params }: CreateMessageRequest,
  server: string,
): Parameters<NonNullable<ClientHost["sample"]>>[0] {
  return {
    server,
    maxTokens: params.maxTokens,
    ...(params.systemPrompt === undefined ? {} : { system: params.systemPrompt }),
    messages: params.messages.map((message) => ({ role: message.role, content: contentOf(message) })),
  };
}

function contentOf({ content }: SamplingMessage): Content {
  return [content].flat().map((block) => {
    if (block.type === "text") return text(block.text);
    if (block.type === "image") return { type: "image", mediaType: block.mimeType, data: block.data };
    return text(`[${block.type}]`);
  });
}

function wordsOf(data: unknown): string {
  return typeof data === "string" ? data : thrownText(data);
}
