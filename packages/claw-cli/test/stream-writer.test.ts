import { once } from "node:events";
import { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { createStreamWriter } from "../src/stream-writer.ts";

function recorded(): { readonly stream: Writable; readonly writes: string[] } {
  const writes: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      writes.push(text);
      done();
    },
  });
  return { stream, writes };
}

describe("a writer", () => {
  test("puts what is to be written soon into one write, before anything else", async () => {
    const { stream, writes } = recorded();
    const writer = createStreamWriter(stream, () => undefined);
    await writer.writeSoon("one ");
    await writer.writeSoon("two ");
    expect(writes).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(writes).toEqual(["one two "]);
    await writer.writeSoon("three ");
    await writer.write("four ");
    await writer.writeSoon("five");
    await writer.flush();
    expect(writes).toEqual(["one two ", "three four ", "five"]);
  });

  test("lets nobody write on while the reader does not read", async () => {
    let release = (): void => undefined;
    const stream = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => {
        release = done;
      },
    });
    const writer = createStreamWriter(stream, () => undefined);
    void writer.write("much");
    let went = false;
    const next = writer.writeSoon("more").then(() => {
      went = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(went).toBe(false);
    const drained = once(stream, "drain");
    release();
    release();
    await drained;
    await next;
  });
});
