import type { JsonObject } from "@claw/agent-core";
import { createJsonDepth, type JsonDepth } from "../json-depth.ts";
import { numberField, objectField, textField } from "../json-fields.ts";
import { parseJson } from "../parse-json.ts";
import type { ReplyWriter } from "../reply.ts";
import { openaiArguments } from "./openai-arguments.ts";

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
 * leave out the index or the id, some give each call the index 0 and only a new id, some each piece an id of its own, some
 * send a call twice, and some begin its arguments with an empty object that is none of them.
 */
export function createOpenaiCallReader(reply: ReplyWriter): OpenaiCallReader {
  const calls: OpenCall[] = [];
  const byIndex = new Map<number, OpenCall>();
  const byId = new Map<string, OpenCall>();
  let started = 0;

  const start = (call: OpenCall): void => {
    if (call.place === undefined) {
      call.place = started;
      started += 1;
    }
    reply.call(call.key, call.name ?? "");
    if (isEmpty(call)) return;
    reply.input(call.key, call.waiting);
    call.waiting = "";
  };
  /** Nothing more comes for it. */
  const finish = (call: OpenCall): void => {
    start(call);
    reply.input(call.key, call.waiting);
    call.waiting = "";
  };
  const begin = (index: number): OpenCall => {
    const before = byIndex.get(index);
    if (before !== undefined) finish(before);
    const call: OpenCall = {
      key: `call ${calls.length}`,
      id: undefined,
      text: "",
      depth: createJsonDepth(),
      waiting: "",
    };
    calls.push(call);
    byIndex.set(index, call);
    return call;
  };
  const find = (
    index: number | undefined,
    position: number,
    id: string | undefined,
  ): OpenCall | undefined => {
    if (index !== undefined) return byIndex.get(index);
    return (id === undefined ? undefined : byId.get(id)) ?? byIndex.get(position);
  };
  return {
    take: (piece, position) => {
      const index = numberField(piece, "index");
      const given = takenFrom(piece);
      const known = find(index, position, given.id);
      if (known !== undefined && isRepeated(known, given)) return;
      const call = known === undefined || isOther(known, given) ? begin(index ?? position) : known;
      if (call.id === undefined && given.id !== undefined) {
        call.id = given.id;
        byId.set(given.id, call);
      }
      call.name ??= given.name;
      addArguments(call, given.args);
      call.extra = objectField(piece, "extra_content") ?? call.extra;
      if (call.name !== undefined) start(call);
    },
    end: () => {
      for (const call of calls) finish(call);
    },
    extras: () => {
      const extras = calls.flatMap(({ place, extra }) => (extra === undefined ? [] : [[`${place}`, extra]]));
      return extras.length === 0 ? undefined : (Object.fromEntries(extras) as JsonObject);
    },
  };
}

interface OpenCall {
  readonly key: string;
  id: string | undefined;
  name?: string | undefined;
  /** The arguments so far. */
  text: string;
  depth: JsonDepth;
  /** Those of them that the reply does not have yet: they came before the name, or may be none. */
  waiting: string;
  /** Which call of the reply it is. */
  place?: number;
  extra?: JsonObject | undefined;
}

/** What a piece says; nothing is never said. */
interface Piece {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly args: string;
}

function takenFrom(piece: JsonObject): Piece {
  const details = objectField(piece, "function");
  return {
    id: textField(piece, "id") || undefined,
    name: textField(details, "name") || undefined,
    args: openaiArguments(details),
  };
}

/** Whether a piece is the whole of a call that is there. */
function isRepeated(call: OpenCall, { id, name, args }: Piece): boolean {
  return id !== undefined && id === call.id && name === call.name && args === call.text && isWhole(call);
}

/** Whether a piece begins another call than the one that has its index. */
function isOther(call: OpenCall, { id, name, args }: Piece): boolean {
  const isNamed = name !== undefined && call.name !== undefined;
  // With name and arguments after a call that is whole, it is a call of its own.
  const isSame = id !== undefined && id === call.id && isEmpty(call);
  if (isNamed && args !== "" && !isSame && isWhole(call)) return true;
  const hasOtherId = id !== undefined && call.id !== undefined && id !== call.id;
  // Without a name, and in the middle of arguments, it goes on with them.
  return hasOtherId && (name !== undefined || call.name === undefined || isWhole(call));
}

function addArguments(call: OpenCall, args: string): void {
  if (args.trim() !== "" && isEmpty(call)) {
    call.text = "";
    call.waiting = "";
    call.depth = createJsonDepth();
  }
  call.text += args;
  call.waiting += args;
  call.depth.push(args);
}

/** Whether an empty object is all that came of the arguments. */
function isEmpty({ text, waiting }: OpenCall): boolean {
  return waiting === text && text.length < 16 && text.trim() === "{}";
}

/** Looked at with each piece: parsing the arguments each time would take minutes where they are long. */
function isWhole({ depth, text }: OpenCall): boolean {
  return depth.isClosed() && parseJson(text) !== undefined;
}
