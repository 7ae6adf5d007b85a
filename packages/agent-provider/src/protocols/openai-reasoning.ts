import {
  type AssistantPart,
  isJsonObject,
  type JsonObject,
  type ModelRef,
  type ReasoningPart,
} from "@claw/agent-core";
import { objectField, objectsField, textField } from "../json-fields.ts";
import type { ReplyWriter } from "../reply.ts";
import { replayFor } from "../same-model.ts";

/** Reads what servers stream beside the text of a reply, each in a way of its own. */
export interface OpenaiReasoningReader {
  readonly take: (delta: JsonObject | undefined) => void;
  /** The reply is whole; `extras` is what goes back with its calls. */
  readonly end: (extras: JsonObject | undefined) => void;
}

/**
 * Compatible servers stream reasoning beside the content, under one of two names. Some want more of it back than its
 * text: signatures in `reasoning_details` (OpenRouter, MiniMax) or in `extra_content` of a call (Google).
 */
export function createOpenaiReasoningReader(reply: ReplyWriter): OpenaiReasoningReader {
  const details: JsonObject[] = [];
  return {
    take: (delta) => {
      for (const detail of objectsField(delta, "reasoning_details")) addDetail(details, detail);
      for (const name of names) {
        const text = textField(delta, name) ?? "";
        if (text === "") continue;
        reply.reasoning("reasoning", text);
        reply.replay("reasoning", name);
        return;
      }
    },
    end: (extras) => {
      if (extras === undefined && details.length === 0) return;
      reply.replay("kept", {
        ...(extras === undefined ? {} : { extras }),
        ...(details.length === 0 ? {} : { details }),
      });
    },
  };
}

const names = ["reasoning_content", "reasoning"] as const;

/** The fields of a message with calls that give its reasoning back. */
export function openaiReasoningFields(content: readonly AssistantPart[], model: ModelRef): JsonObject {
  const details = objectsField(keptOf(content, model), "details");
  if (details.length > 0) return { reasoning_details: details };
  const fields = new Map<string, string>();
  for (const part of content.filter(isReasoning)) {
    const name = names.find((known) => known === replayFor(model, part));
    if (name !== undefined) fields.set(name, (fields.get(name) ?? "") + part.text);
  }
  return Object.fromEntries(fields);
}

/** What goes back with the call of a message at the given place. */
export function openaiCallExtra(
  content: readonly AssistantPart[],
  model: ModelRef,
  place: number,
): JsonObject | undefined {
  return objectField(objectField(keptOf(content, model), "extras"), `${place}`);
}

function keptOf(content: readonly AssistantPart[], model: ModelRef): JsonObject | undefined {
  return content
    .filter(isReasoning)
    .map((part) => replayFor(model, part))
    .findLast(isJsonObject);
}

function isReasoning(part: AssistantPart): part is ReasoningPart {
  return part.type === "reasoning";
}

/** The pieces of one detail are one detail. */
function addDetail(known: JsonObject[], detail: JsonObject): void {
  const last = known.at(-1);
  if (last === undefined || !continues(last, detail)) known.push(detail);
  else known[known.length - 1] = joined(last, detail);
}

function continues(last: JsonObject, next: JsonObject): boolean {
  const isText = next["type"] === "reasoning.text" || next["type"] === "reasoning.summary";
  return isText && next["type"] === last["type"] && next["index"] === last["index"];
}

function joined(last: JsonObject, next: JsonObject): JsonObject {
  const said = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== null));
  const grown = { ...last, ...said };
  for (const name of ["text", "summary"]) {
    const text = (textField(last, name) ?? "") + (textField(next, name) ?? "");
    if (text !== "") grown[name] = text;
  }
  return grown;
}
