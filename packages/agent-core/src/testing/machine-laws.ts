import type { ExecExit, ExecRequest, Machine } from "../ports/machine.ts";
import { expectSettled, expectThat, rejectionCode } from "./expect-that.ts";
import type { Law } from "./law.ts";
import { machineExecLaws } from "./machine-exec-laws.ts";

/** A machine under its laws, and an empty folder of it: an absolute path without a link in it. */
export interface MachineUnderLaw {
  readonly machine: Machine;
  readonly root: string;
  readonly dispose: () => Promise<void>;
}

/** The promises of the `Machine` port, for a machine with `sh` and the usual programs. `make` gives a new folder each time. */
export function machineLaws(make: () => MachineUnderLaw | Promise<MachineUnderLaw>): readonly Law[] {
  const laws = [...statLaws, ...readLaws, ...writeLaws, ...listLaws, ...unlinkedLaws, ...machineExecLaws];
  return laws.map(([name, check]) => ({
    name,
    check: async () => {
      const under = await make();
      try {
        await check(under);
      } finally {
        await under.dispose();
      }
    },
  }));
}

/** One promise and how it is looked at. */
export type MachineLaw = readonly [name: string, check: (under: MachineUnderLaw) => Promise<void>];

const { signal } = new AbortController();

const statLaws: readonly MachineLaw[] = [
  [
    "stat tells type, size and mode of a file and a folder, and undefined where there is nothing",
    async ({ machine, root }) => {
      await put(machine, `${root}/file`, "four");
      const file = await machine.stat(`${root}/file`, signal);
      expectThat(file?.type === "file" && file.size === 4, "a file has its type and its size");
      expectThat(Number.isFinite(file?.modifiedAt) && Number.isInteger(file?.mode), "and its time and mode");
      expectThat((await machine.stat(root, signal))?.type === "directory", "a folder is a directory");
      for (const path of [`${root}/no`, `${root}/no/below`, `${root}/file/below`]) {
        expectThat((await machine.stat(path, signal)) === undefined, "nothing is undefined, not a fault");
      }
    },
  ],
  [
    "stat and realpath follow links",
    async ({ machine, root }) => {
      await put(machine, `${root}/real/file`, "content");
      await sh(machine, root, "ln -s real link && ln -s nowhere dangling");
      expectThat(
        (await machine.stat(`${root}/link/file`, signal))?.size === 7,
        "a link's target is what counts",
      );
      expectThat(
        (await machine.stat(`${root}/dangling`, signal)) === undefined,
        "a link to nothing is nothing",
      );
      for (const [path, real] of [
        ["link/file", "real/file"],
        ["link/new/deep", "real/new/deep"],
        ["dangling", "nowhere"],
        ["real", "real"],
      ]) {
        const resolved = await machine.realpath(`${root}/${path}`, signal);
        expectThat(resolved === `${root}/${real}`, `${path} is ${real}, not ${resolved}`);
      }
    },
  ],
  [
    "the version of a file changes with its content, and only then has to",
    async ({ machine, root }) => {
      const written = await put(machine, `${root}/file`, "one");
      const seen = await machine.stat(`${root}/file`, signal);
      expectThat(seen?.version === written.version, "what a write returns is what stat tells");
      await sh(machine, root, "echo two > file");
      expectThat((await machine.stat(`${root}/file`, signal))?.version !== seen?.version, "a change is seen");
    },
  ],
];

const readLaws: readonly MachineLaw[] = [
  [
    "read gives the bytes of a range, whatever its edges",
    async ({ machine, root }) => {
      const content = "0123456789".repeat(10_000);
      await put(machine, `${root}/file`, content);
      for (const [from, to] of [
        [undefined, undefined],
        [0, 0],
        [0, 1],
        [99_999, 100_000],
        [65_535, 65_537],
        [5, undefined],
        [undefined, 70_000],
        [100_000, 200_000],
        [300_000, 400_000],
      ]) {
        const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
        const text = await read(machine, `${root}/file`, range);
        expectThat(text === content.slice(from ?? 0, to), `[${from ?? ""}, ${to ?? ""}) is exact`);
      }
    },
  ],
  [
    "read refuses what is no regular file, without waiting for it",
    async ({ machine, root }) => {
      await sh(machine, root, "mkfifo pipe && mkdir folder");
      for (const [name, code] of [
        ["pipe", "not-a-file"],
        ["folder", "not-a-file"],
        ["nothing", "not-found"],
      ]) {
        const reading = read(machine, `${root}/${name}`);
        await expectSettled(reading, `reading ${name} does not wait`);
        const got = await rejectionCode(reading);
        expectThat(got === code, `${name} is ${code}, not ${got}`);
      }
    },
  ],
];

const writeLaws: readonly MachineLaw[] = [
  [
    "write makes missing folders, and replaces the whole of a file",
    async ({ machine, root }) => {
      await put(machine, `${root}/a/b/file`, "a long first content");
      await put(machine, `${root}/a/b/file`, "short");
      expectThat((await read(machine, `${root}/a/b/file`)) === "short", "nothing of the old is left");
    },
  ],
  [
    "a reader of a file that is being written sees the old or the new, never a part",
    async ({ machine, root }) => {
      const contents = ["a", "b"].map((letter) => letter.repeat(300_000));
      await put(machine, `${root}/file`, contents[0] ?? "");
      const writing = (async () => {
        for (let round = 0; round < 10; round++)
          await put(machine, `${root}/file`, contents[round % 2] ?? "");
      })();
      const reading = (async () => {
        const seen: string[] = [];
        for (let round = 0; round < 10; round++) seen.push(await read(machine, `${root}/file`));
        return seen;
      })();
      const [seen] = await Promise.all([reading, writing]);
      expectThat(
        seen.every((content) => contents.includes(content)),
        "what is read was written as a whole",
      );
    },
  ],
  [
    "write keeps the mode, and writes through a link",
    async ({ machine, root }) => {
      await put(machine, `${root}/file`, "old");
      await sh(machine, root, "chmod 750 file && ln -s file link");
      await put(machine, `${root}/link`, "new");
      expectThat((await read(machine, `${root}/file`)) === "new", "the target has the content");
      const mode = (await machine.stat(`${root}/file`, signal))?.mode ?? 0;
      expectThat((mode & 0o777) === 0o750, "the mode stays");
      expectThat((await sh(machine, root, "test -L link")).code === 0, "the link is still one");
    },
  ],
  [
    "with a version write replaces that version only, and with null only nothing",
    async ({ machine, root }) => {
      const path = `${root}/file`;
      const first = await put(machine, path, "one", null);
      expectThat((await rejectionCode(put(machine, path, "two", null))) === "stale", "it is there already");
      await put(machine, path, "two", first.version);
      const late = await rejectionCode(put(machine, path, "three", first.version));
      expectThat(late === "stale", "another version is not overwritten");
      await sh(machine, root, "rm file");
      const gone = await rejectionCode(put(machine, path, "three", first.version));
      expectThat(gone === "stale", "a file that is gone is not that version");
    },
  ],
  [
    "a write that was cancelled before it began changes nothing",
    async ({ machine, root }) => {
      await put(machine, `${root}/file`, "old");
      const write = machine.write(`${root}/file`, bytes("new"), {}, AbortSignal.abort());
      expectThat(
        await write.then(
          () => false,
          () => true,
        ),
        "it rejects",
      );
      expectThat((await read(machine, `${root}/file`)) === "old", "the file is as it was");
      expectThat((await names(machine, root)).join() === "file", "nothing is left beside it");
    },
  ],
  [
    "write says what it cannot replace",
    async ({ machine, root }) => {
      await put(machine, `${root}/file`, "");
      const folder = await rejectionCode(put(machine, root, "x"));
      expectThat(folder === "not-a-file", "a folder is not replaced by a file");
      const below = await rejectionCode(put(machine, `${root}/file/below`, "x"));
      expectThat(below === "not-a-directory", "a file is not taken for a folder");
    },
  ],
];

const unlinkedLaws: readonly MachineLaw[] = [
  [
    "unlinked, where there is one, does the same without links and rejects with moved where there is one",
    async ({ machine, root }) => {
      const { unlinked } = machine;
      if (unlinked === undefined) return;
      const plain: Machine = { ...machine, ...unlinked };
      await put(plain, `${root}/real/file`, "content");
      await sh(machine, root, "ln -s real link && ln -s real/file alias");
      expectThat((await unlinked.stat(`${root}/real/file`, signal))?.size === 7, "a plain path is itself");
      for (const path of [`${root}/link/file`, `${root}/alias`]) {
        const attempts = [
          () => unlinked.stat(path, signal),
          () => read(plain, path),
          () => put(plain, path, "other"),
          () => names(plain, `${root}/link`),
        ];
        for (const attempt of attempts) {
          expectThat((await rejectionCode(attempt())) === "moved", `${path} leads through a link`);
        }
      }
      expectThat((await read(machine, `${root}/real/file`)) === "content", "and nothing was changed");
    },
  ],
];

const listLaws: readonly MachineLaw[] = [
  [
    "list gives each entry of a folder once, with its own type",
    async ({ machine, root }) => {
      await put(machine, `${root}/file`, "");
      await sh(machine, root, "mkdir folder && ln -s file link && mkfifo pipe");
      const entries: string[] = [];
      for await (const { name, type } of machine.list(root, signal)) entries.push(`${name} ${type}`);
      const expected = ["file file", "folder directory", "link link", "pipe other"];
      expectThat(
        entries.length === expected.length && expected.every((entry) => entries.includes(entry)),
        `it is ${expected.join(", ")}, not ${entries.join(", ")}`,
      );
    },
  ],
  [
    "list says what it cannot list",
    async ({ machine, root }) => {
      await put(machine, `${root}/file`, "");
      expectThat((await rejectionCode(names(machine, `${root}/no`))) === "not-found", "nothing is not-found");
      const file = await rejectionCode(names(machine, `${root}/file`));
      expectThat(file === "not-a-directory", "a file is not-a-directory");
    },
  ],
];

async function put(
  machine: Machine,
  path: string,
  words: string,
  expect?: string | null,
): ReturnType<Machine["write"]> {
  return machine.write(path, bytes(words), expect === undefined ? {} : { expect }, signal);
}

async function read(machine: Machine, path: string, range = {}): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of machine.read(path, range, signal))
    text += decoder.decode(piece, { stream: true });
  return text;
}

async function names(machine: Machine, path: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name } of machine.list(path, signal)) found.push(name);
  return found;
}

async function sh(machine: Machine, cwd: string, script: string): Promise<{ readonly code: number }> {
  const request: ExecRequest = { argv: ["sh", "-c", script], cwd };
  const execution = await machine.exec(request, signal);
  for await (const _ of execution.output);
  const exit: ExecExit = await execution.exit;
  expectThat(exit.type === "exited", `\`${script}\` ends by itself`);
  return { code: exit.type === "exited" ? exit.code : -1 };
}

function bytes(words: string): Uint8Array {
  return new TextEncoder().encode(words);
}
