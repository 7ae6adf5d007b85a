import { readFile } from "node:fs/promises";
import type { Spill, SpillStore } from "@claw/agent-core";
import { spillStoreLaws } from "@claw/agent-core/testing";
import { fileSpillStore } from "@claw/agent-journal";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "./support.ts";

const folder = temporaryFolder();
let count = 0;

describe("fileSpillStore keeps the laws of its port", () => {
  const make = () => ({
    store: fileSpillStore({ root: folder.path(`spill-laws-${++count}`), maxBytesPerFile: 1_000 }),
    read: (path: string) => readFile(path),
  });
  for (const law of spillStoreLaws(make)) test(law.name, law.check);
});

describe("spillStoreLaws finds out a store that breaks one of them", () => {
  const changed =
    (change: (real: Spill) => Partial<Spill>) =>
    (real: SpillStore): SpillStore => ({
      open: async (call, label) => {
        const spill = await real.open(call, label);
        return { ...spill, ...change(spill) };
      },
    });
  const kept = new Map<string, Uint8Array[]>();
  let open = 0;
  /** Keeps everything in memory, the pieces themselves, whatever comes and how much. */
  const careless = (): SpillStore => ({
    open: async (_call, label) => {
      const path = `/memory/${label}${label === "stdout" ? "" : ++open}`;
      const pieces: Uint8Array[] = [];
      kept.set(path, pieces);
      return {
        write: async (bytes) => void pieces.push(bytes),
        close: async () => ({ path, kept: Buffer.concat(pieces).length, dropped: 0 }),
      };
    },
  });
  const broken: Readonly<Record<string, (real: SpillStore) => SpillStore>> = {
    "what is written is kept, in order, under an absolute path": changed(() => ({
      write: async () => undefined,
    })),
    "pieces are taken as they were when they were written": careless,
    "no output takes the place of another": careless,
    "a label from outside stays in the folder of the store": careless,
    "beyond the cap bytes are counted and dropped, and nothing follows a gap": careless,
    "closing again, and writing late, neither rejects nor changes the file": careless,
  };
  const laws = (change: (real: SpillStore) => SpillStore) =>
    spillStoreLaws(() => ({
      store: change(fileSpillStore({ root: folder.path(`broken-${++count}`), maxBytesPerFile: 1_000 })),
      read: async (path) => (kept.has(path) ? Buffer.concat(kept.get(path) ?? []) : readFile(path)),
    }));
  test("all of them", () => {
    expect(laws((real) => real).map((law) => law.name)).toEqual(Object.keys(broken));
  });
  for (const [name, change] of Object.entries(broken)) {
    test(name, async () => {
      const law = laws(change).find((each) => each.name === name);
      await expect(law?.check()).rejects.toThrow("Broken promise");
    });
  }
});
