import { toolCallId } from "../ids.ts";
import type { Spill, SpillStore } from "../ports/spill-store.ts";
import { expectThat } from "./expect-that.ts";
import type { Law } from "./law.ts";

/** A store under its laws: an empty one that takes 1,000 bytes for a call, and what reads its files back. */
export interface SpillStoreUnderLaw {
  readonly store: SpillStore;
  readonly read: (path: string) => Promise<Uint8Array>;
}

/** The promises of the `SpillStore` port. `make` gives a new, empty store each time. */
export function spillStoreLaws(make: () => SpillStoreUnderLaw | Promise<SpillStoreUnderLaw>): readonly Law[] {
  const call = toolCallId("law-call");
  const law = (name: string, check: (under: SpillStoreUnderLaw) => Promise<void>): Law => ({
    name,
    check: async () => check(await make()),
  });
  return [
    law("what is written is kept, in order, under an absolute path", async ({ store, read }) => {
      const spill = await store.open(call, "stdout");
      await spill.write(bytes("one \u{1f600} "));
      await spill.write(bytes("two"));
      const spilled = await spill.close();
      expectThat(spilled.path !== undefined, "it says where");
      expectThat(/^(?:\/|[A-Za-z]:[\\/])/.test(spilled.path ?? ""), "the path is absolute");
      const kept = await read(spilled.path ?? "");
      expectThat(textOf(kept) === "one \u{1f600} two", "the file holds exactly what was written");
      expectThat(spilled.kept === kept.length && spilled.dropped === 0, "the bytes are counted");
    }),
    law("pieces are taken as they were when they were written", async ({ store, read }) => {
      const spill = await store.open(call, "stdout");
      const piece = bytes("first");
      await spill.write(piece);
      piece.fill(0);
      const { path = "" } = await spill.close();
      expectThat(textOf(await read(path)) === "first", "a buffer may be used again after the write");
    }),
    law("no output takes the place of another", async ({ store, read }) => {
      const spilled = [];
      for (const words of ["first", "second"]) {
        const spill = await store.open(call, "stdout");
        await spill.write(bytes(words));
        spilled.push(await spill.close());
      }
      const [first, second] = spilled;
      expectThat(first?.path !== second?.path, "the same call and label get a file each");
      expectThat(textOf(await read(first?.path ?? "")) === "first", "the first is as it was");
    }),
    law("a label from outside stays in the folder of the store", async ({ store, read }) => {
      const plain = await closed(await store.open(call, "stdout"));
      for (const label of ["../../up", "/etc/x", "a/b", "", "\0", "x".repeat(1_000), "a\nb"]) {
        const { path } = await closed(await store.open(call, label));
        expectThat(path !== undefined, `there is a file for the label ${JSON.stringify(label.slice(0, 20))}`);
        expectThat(folder(path) === folder(plain.path), "it lies where the others lie");
        await read(path ?? "");
      }
    }),
    law(
      "beyond the cap bytes are counted and dropped, and nothing follows a gap",
      async ({ store, read }) => {
        const spill = await store.open(call, "stdout");
        await spill.write(bytes("a".repeat(900)));
        await spill.write(bytes("b".repeat(900)));
        await spill.write(bytes("c"));
        const { path = "", kept, dropped } = await spill.close();
        expectThat(kept + dropped === 1_801, "each byte is either kept or dropped");
        expectThat(dropped > 0, "the cap holds");
        const content = textOf(await read(path));
        expectThat(content.length === kept, "what is said to be kept is in the file");
        expectThat(
          `${"a".repeat(900)}${"b".repeat(900)}c`.startsWith(content),
          "the file is a beginning of what was written",
        );
      },
    ),
    law("closing again, and writing late, neither rejects nor changes the file", async ({ store, read }) => {
      const spill = await store.open(call, "stdout");
      await spill.write(bytes("kept"));
      const { path = "" } = await spill.close();
      await spill.write(bytes("late"));
      const again = await spill.close();
      expectThat(again.path === path, "it still says where");
      expectThat(textOf(await read(path)) === "kept", "what comes late is not kept");
    }),
  ];
}

async function closed(spill: Spill): Promise<Awaited<ReturnType<Spill["close"]>>> {
  await spill.write(bytes("x"));
  return spill.close();
}

function folder(path: string | undefined): string | undefined {
  return path?.replace(/[\\/][^\\/]*$/, "");
}

function bytes(words: string): Uint8Array {
  return new TextEncoder().encode(words);
}

function textOf(content: Uint8Array): string {
  return new TextDecoder().decode(content);
}
