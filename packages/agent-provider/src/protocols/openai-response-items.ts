import type { JsonObject } from "@claw/agent-core";
import { numberField, objectField, objectsField, textField } from "../json-fields.ts";
import type { ReplyWriter } from "../reply.ts";
import { openaiArguments } from "./openai-arguments.ts";

/** Reads the output items of a response: messages, reasoning and function calls. */
export interface ResponseItems {
  readonly event: (event: JsonObject) => void;
  /** The response is whole; `output` is all of its items, of which nothing is taken twice. */
  readonly end: (output: readonly JsonObject[]) => void;
  readonly refused: () => boolean;
}

/**
 * Each item goes by its index; where a server has none, by its id. Servers leave out what others send: the item before its
 * pieces, its pieces, the item at its end. What a call was given is taken from wherever it stands: a call that lost its
 * arguments would be one without any.
 */
export function createResponseItems(reply: ReplyWriter): ResponseItems {
  const items = new Map<string, Item>();
  let refused = false;

  const itemAt = (key: string, type: string): Item => {
    // By type, too: some servers give a text and a call the same index.
    const place = `${type} ${key}`;
    const item = items.get(place) ?? { key, type, streamed: false, isDone: false, args: "", isOpen: false };
    items.set(place, item);
    return item;
  };
  const text = (key: string, delta: string): void => {
    itemAt(key, "message").streamed = true;
    reply.text(key, delta);
  };
  const reasoning = (key: string, event: JsonObject): void => {
    const item = itemAt(key, "reasoning");
    const part = numberField(event, "summary_index") ?? numberField(event, "content_index") ?? 0;
    // Parts of a summary are separated by a blank line.
    const gap = item.part === undefined || item.part === part ? "" : "\n\n";
    item.part = part;
    item.streamed = true;
    reply.reasoning(key, gap + (textField(event, "delta") ?? ""));
  };
  const open = (item: Item, name: string): void => {
    if (item.isOpen) return;
    item.isOpen = true;
    reply.call(item.key, name);
    reply.input(item.key, item.args);
  };
  const addInput = (item: Item, delta: string): void => {
    item.args += delta;
    if (item.isOpen) reply.input(item.key, delta);
  };
  /** All of the arguments: what was not streamed of them is added. */
  const completeInput = (item: Item, call: JsonObject): void => {
    const whole = openaiArguments(call);
    if (whole.startsWith(item.args)) addInput(item, whole.slice(item.args.length));
  };

  const done = (key: string, from: JsonObject): void => {
    const item = itemAt(key, textField(from, "type") ?? "");
    if (item.isDone) return;
    item.isDone = true;
    switch (from["type"]) {
      case "message":
        for (const part of objectsField(from, "content")) {
          refused ||= part["type"] === "refusal";
          if (!item.streamed) reply.text(key, textField(part, "text") ?? textField(part, "refusal") ?? "");
        }
        return;
      case "reasoning":
        if (!item.streamed) reply.reasoning(key, summaryOf(from));
        // Without its encrypted content the vendor could not read it back: nothing is stored there.
        if (textField(from, "encrypted_content") !== undefined) reply.replay(key, replayItem(from));
        return;
      case "function_call":
        open(item, textField(from, "name") ?? "");
        completeInput(item, from);
    }
  };

  /** The key under which an item was told of before; its place where nothing of its kind was. */
  const keyInOutput = (item: JsonObject, place: number): string | undefined => {
    const type = textField(item, "type") ?? "";
    const known = [textField(item, "id"), `${place}`].find(
      (key) => key !== undefined && items.has(`${type} ${key}`),
    );
    if (known !== undefined) return known;
    const isTold = [...items.values()].some((told) => told.type === type);
    return isTold ? undefined : `${type} ${place}`;
  };

  return {
    event: (event) => {
      const key = keyOf(event);
      const delta = textField(event, "delta") ?? "";
      switch (event["type"]) {
        case "response.output_item.added": {
          const item = objectField(event, "item");
          const name = textField(item, "name") || undefined;
          const added = itemAt(key, textField(item, "type") ?? "");
          if (added.type === "function_call" && name !== undefined) open(added, name);
          return;
        }
        case "response.output_text.delta":
          text(key, delta);
          break;
        case "response.refusal.delta":
          refused = true;
          text(key, delta);
          break;
        case "response.reasoning_summary_text.delta":
        case "response.reasoning_text.delta":
          reasoning(key, event);
          break;
        case "response.function_call_arguments.delta":
          addInput(itemAt(key, "function_call"), delta);
          break;
        case "response.function_call_arguments.done":
          completeInput(itemAt(key, "function_call"), event);
          break;
        case "response.output_item.done":
          done(key, objectField(event, "item") ?? {});
          break;
      }
    },
    end: (output) => {
      const keys = output.map(keyInOutput);
      for (const [place, item] of output.entries()) {
        const key = keys[place];
        if (key !== undefined) done(key, item);
      }
      // A call that never got a name is a call without a name.
      for (const item of items.values()) if (item.type === "function_call") open(item, "");
    },
    refused: () => refused,
  };
}

interface Item {
  readonly key: string;
  readonly type: string;
  /** Whether any of its words were told before it was whole. */
  streamed: boolean;
  isDone: boolean;
  /** The part of its summary that was told last. */
  part?: number;
  /** The arguments of a call so far. */
  args: string;
  /** Whether the call was told of: it is as soon as it has a name. */
  isOpen: boolean;
}

function keyOf(event: JsonObject): string {
  const index = numberField(event, "output_index");
  if (index !== undefined) return `${index}`;
  return textField(event, "item_id") ?? textField(objectField(event, "item"), "id") ?? "0";
}

function summaryOf(item: JsonObject): string {
  const parts = [...objectsField(item, "summary"), ...objectsField(item, "content")];
  return parts.map((part) => textField(part, "text") ?? "").join("\n\n");
}

function replayItem(item: JsonObject): JsonObject {
  const { type, id, summary, encrypted_content } = item;
  return {
    type: type ?? "reasoning",
    ...(id === undefined ? {} : { id }),
    summary: summary ?? [],
    encrypted_content: encrypted_content ?? null,
  };
}
