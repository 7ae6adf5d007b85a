import type { JsonObject } from "@claw/agent-core";
import { field, objectField, textField } from "../json-fields.ts";
import type { Reply, StopReason } from "../reply.ts";
import type { AiSdkVersion } from "./ai-sdk-model.ts";
import { aiSdkUsage } from "./ai-sdk-usage.ts";

/** Reads the parts of one stream into a reply. Parts and fields that it does not know are passed over. */
export interface AiSdkPartReader {
  readonly part: (part: JsonObject) => void;
}

export function readAiSdkParts(reply: Reply, version: AiSdkVersion, provider: string): AiSdkPartReader {
  /** The open part of each of the provider's ids. Ids may come again: each start opens a new part. */
  const open = new Map<string, OpenPart>();
  /** What the provider said about texts and calls, by their place in the reply. */
  const metadata = new Map<number, JsonObject>();
  let count = 0;

  const begin = (kind: string, id: string): OpenPart => {
    const part: OpenPart = { key: `${kind} ${count}`, streamed: false, isText: false, hasReplay: false };
    count += 1;
    open.set(`${kind} ${id}`, part);
    return part;
  };
  const find = (kind: string, id: string): OpenPart => open.get(`${kind} ${id}`) ?? begin(kind, id);
  const keep = ({ key }: OpenPart, part: JsonObject): void => {
    const said = objectField(part, "providerMetadata");
    const place = reply.place(key);
    if (said !== undefined && place !== undefined) metadata.set(place, said);
  };

  const text = (part: JsonObject, id: string): void => {
    const target = find("text", id);
    reply.text(target.key, textField(part, "delta") ?? "");
    keep(target, part);
  };
  const reasoning = (part: JsonObject, id: string): void => {
    const target = find("reasoning", id);
    reply.reasoning(target.key, textField(part, "delta") ?? "");
    const said = objectField(part, "providerMetadata");
    // Some providers want their reasoning back although they have no data of their own with it.
    if (said === undefined && (target.hasReplay || reply.place(target.key) === undefined)) return;
    target.hasReplay = true;
    reply.replay(target.key, { type: "reasoning", ...(said === undefined ? {} : { providerOptions: said }) });
  };
  const inputStart = (part: JsonObject, id: string): void => {
    if (part["providerExecuted"] === true) return;
    const target = begin("call", id);
    target.isText = textField(part, "inputEncoding") === "text";
    reply.call(target.key, textField(part, "toolName") ?? "");
    keep(target, part);
  };
  const inputDelta = (part: JsonObject, id: string): void => {
    const target = open.get(`call ${id}`);
    if (target === undefined || target.isText) return;
    const delta = textField(part, "delta") ?? "";
    target.streamed ||= delta !== "";
    reply.input(target.key, delta);
  };
  const call = (part: JsonObject): void => {
    if (part["providerExecuted"] === true) return;
    const id = textField(part, "toolCallId") ?? "";
    const target = find("call", id);
    reply.call(target.key, textField(part, "toolName") ?? "");
    if (!target.streamed) reply.input(target.key, argumentsText(part));
    keep(target, part);
    open.delete(`call ${id}`);
  };
  const finish = (part: JsonObject): void => {
    reply.usage(aiSdkUsage(part, version, provider));
    if (metadata.size > 0) {
      reply.replay("metadata", { type: "parts", parts: Object.fromEntries(metadata) });
    }
    const { unified, raw } = finishReason(part);
    if (unified === "error")
      reply.fail({ message: `the model ended with an error${raw === undefined ? "" : ` (${raw})`}` });
    const reason = stopReasons.get(unified);
    // Without any reason, the provider itself saw no end: its stream was cut.
    if (reason === undefined && (unified === "unknown" || raw === undefined)) return;
    reply.stop(reason ?? "end", raw ?? unified);
    reply.close();
  };

  return {
    part: (part) => {
      const id = textField(part, "id") ?? "";
      switch (part["type"]) {
        case "text-start":
          begin("text", id);
          text(part, id);
          break;
        case "text-delta":
        case "text-end":
          text(part, id);
          break;
        case "reasoning-start":
          begin("reasoning", id);
          reasoning(part, id);
          break;
        case "reasoning-delta":
        case "reasoning-end":
          reasoning(part, id);
          break;
        case "tool-input-start":
          inputStart(part, id);
          break;
        case "tool-input-delta":
          inputDelta(part, id);
          break;
        case "tool-call":
          call(part);
          break;
        case "finish":
          finish(part);
          break;
      }
    },
  };
}

interface OpenPart {
  readonly key: string;
  /** Whether some of a call's arguments were shown. */
  streamed: boolean;
  /** Whether a call's pieces are plain text, so that only the whole call has its JSON. */
  isText: boolean;
  hasReplay: boolean;
}

/** Text by the rules; anything else is kept as it is, to be refused as arguments. */
function argumentsText(part: JsonObject): string {
  const input = field(part, "input");
  if (input === undefined) return "";
  return typeof input === "string" ? input : JSON.stringify(input);
}

/** A word in v2; in v3 and v4 the vendor's own beside it. */
function finishReason(part: JsonObject): { readonly unified: string; readonly raw: string | undefined } {
  const plain = textField(part, "finishReason");
  if (plain !== undefined) return { unified: plain, raw: plain };
  const reason = objectField(part, "finishReason");
  return { unified: textField(reason, "unified") ?? "other", raw: textField(reason, "raw") };
}

const stopReasons: ReadonlyMap<string, StopReason> = new Map<string, StopReason>([
  ["stop", "end"],
  ["tool-calls", "tool-calls"],
  ["length", "length"],
  ["content-filter", "refusal"],
]);
