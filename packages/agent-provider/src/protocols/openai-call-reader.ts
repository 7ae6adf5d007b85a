import type { JsonObject } from "@claw/agent-core";
import { field, numberField, objectField, textField } from "../json-fields.ts";
import { parseJson } from "../parse-json.ts";
import type { ReplyWriter } from "../reply.ts";

/** Puts the pieces of tool calls together. */
export interface OpenaiCallReader {
  /** A piece, and its place in the list that it came in. */
  readonly take: (piece: JsonObject, position: number) => void;
  /** Nothing more comes: a call that never got a name is a call without a name. */
  readonly end: () => void;
  /** What the server wants back with its calls (`extra_content`), by their order; absent where it is nothing. */
  readonly extras: () => JsonObject | undefined;
}

/**
 * Sorts the pieces of tool calls by their index. Servers differ: some repeat the id or the name in each piece, some
 * leave out the index or the id, some give each call the index 0 and only a new id, and some send a call twice.
 */
export function createOpenaiCallReader(reply: ReplyWriter): OpenaiCallReader {
  const calls: OpenCall[] = [];
  let started = 0;

  const start = (call: OpenCall): void => {
    if (call.place === undefined) {
      call.place = started;
      started += 1;
    }
    reply.call(call.key, call.name ?? "");
    reply.input(call.key, call.waiting);
    call.waiting = "";
  };
  const begin = (index: number, id: string | undefined): OpenCall => {
    const before = latest(calls, index);
    if (before !== undefined) start(before);
    const call: OpenCall = { key: `call ${calls.length}`, index, id, text: "", waiting: "" };
    calls.push(call);
    return call;
  };
  const find = (piece: JsonObject, position: number, id: string | undefined): OpenCall | undefined => {
    const index = numberField(piece, "index");
    if (index !== undefined) return latest(calls, index);
    const known = calls.findLast((call) => id !== undefined && call.id === id);
    return known ?? latest(calls, position);
  };
  return {
    take: (piece, position) => {
      const id = textField(piece, "id") || undefined;
      const details = objectField(piece, "function");
      const name = textField(details, "name") || undefined;
      const args = argumentsText(details);
      const known = find(piece, position, id);
      const isOther = id !== undefined && known?.id !== undefined && id !== known.id;
      // With name and arguments after a call that is whole, it is a call of its own.
      const isNext = name !== undefined && args !== "" && known?.name !== undefined && isWhole(known.text);
      if (
        isNext &&
        !isOther &&
        id !== undefined &&
        id === known.id &&
        name === known.name &&
        args === known.text
      )
        return;
      const call =
        known === undefined || isOther || isNext ? begin(numberField(piece, "index") ?? position, id) : known;
      call.id ??= id;
      call.name ??= name;
      call.text += args;
      call.waiting += args;
      call.extra = objectField(piece, "extra_content") ?? call.extra;
      if (call.name !== undefined) start(call);
    },
    end: () => {
      for (const call of calls) start(call);
    },
    extras: () => {
      const extras = calls.flatMap(({ place, extra }) => (extra === undefined ? [] : [[`${place}`, extra]]));
      return extras.length === 0 ? undefined : (Object.fromEntries(extras) as JsonObject);
    },
  };
}

interface OpenCall {
  readonly key: string;
  readonly index: number;
  id: string | undefined;
  name?: string | undefined;
  /** The arguments so far. */
  text: string;
  /** Those of them that came before the name. */
  waiting: string;
  /** Which call of the reply it is. */
  place?: number;
  extra?: JsonObject | undefined;
}

function latest(calls: readonly OpenCall[], index: number): OpenCall | undefined {
  return calls.findLast((call) => call.index === index);
}

function isWhole(args: string): boolean {
  return args.trimEnd().endsWith("}") && parseJson(args) !== undefined;
}

/** Text by the rules; some servers send the object itself. Anything else is kept, to be refused as arguments. */
function argumentsText(details: JsonObject | undefined): string {
  const args = field(details, "arguments") ?? "";
  return typeof args === "string" ? args : JSON.stringify(args);
}
