import { emitKeypressEvents } from "node:readline";
import type { Readable } from "node:stream";
import type { Key } from "./key.ts";

/** A terminal's input side, as far as it is needed here. */
export interface KeySource extends Readable {
  readonly isTTY?: boolean;
  readonly setRawMode?: (on: boolean) => unknown;
}

/** Reads keys until the returned function is called, which gives the terminal back as it was. */
export function readKeys(input: KeySource, onKey: (key: Key) => void, onEnd: () => void): () => void {
  let paste: string[] | undefined;
  const onKeypress = (text: string | undefined, pressed: Keypress): void => {
    if (pressed.name === "paste-start") paste = [];
    else if (pressed.name === "paste-end") {
      const pasted = (paste ?? []).join("");
      paste = undefined;
      onKey({ type: "paste", text: pasted.replace(/\r\n?/g, "\n") });
    } else if (paste !== undefined) paste.push(pressed.sequence ?? text ?? "");
    else onKey(toKey(text, pressed));
  };
  emitKeypressEvents(input);
  input.setRawMode?.(true);
  input.on("keypress", onKeypress);
  input.on("end", onEnd);
  input.resume();
  return () => {
    input.off("keypress", onKeypress);
    input.off("end", onEnd);
    input.setRawMode?.(false);
    input.pause();
  };
}

interface Keypress {
  readonly name?: string;
  readonly sequence?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
}

function toKey(text: string | undefined, pressed: Keypress): Key {
  const ctrl = pressed.ctrl === true;
  const meta = pressed.meta === true;
  const writes = text !== undefined && !ctrl && !meta && !/\p{Cc}/u.test(text);
  return { type: "key", name: pressed.name ?? "", text: writes ? text : "", ctrl, meta };
}
