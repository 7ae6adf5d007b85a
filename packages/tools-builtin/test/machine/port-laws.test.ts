import { appendFile, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ExecOutput, type Execution, FaultError, type Machine } from "@claw/agent-core";
import { type MachineUnderLaw, machineLaws } from "@claw/agent-core/testing";
import { localMachine } from "@claw/tools-builtin";
import { describe, expect, test } from "vitest";

async function make(): Promise<MachineUnderLaw> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "claw-laws-")));
  return { machine: localMachine(), root, dispose: () => rm(root, { recursive: true, force: true }) };
}

describe("localMachine keeps the laws of its port", () => {
  for (const law of machineLaws(make)) test(law.name, law.check);
});

describe("machineLaws finds out a machine that breaks one of them", () => {
  const real = localMachine();
  const empty = async function* (): AsyncGenerator<never> {};
  const executed = (change: (execution: Execution) => Partial<Execution>): Partial<Machine> => ({
    exec: async (request, signal) => {
      const execution = await real.exec(request, signal);
      return { ...execution, ...change(execution) };
    },
  });
  const exit = (type: "cancelled" | "timed-out", result: object): Partial<Machine> =>
    executed((execution) => ({
      exit: execution.exit.then((end) => (end.type === type ? { ...end, ...result } : end)),
    }));
  const inPlace: Partial<Machine> = {
    write: async (path, bytes, _options, signal) => {
      await writeFile(path, bytes.subarray(0, bytes.length / 2));
      await appendFile(path, bytes.subarray(bytes.length / 2));
      return (await real.stat(path, signal)) ?? Promise.reject(new Error("it is gone"));
    },
  };
  const never = new AbortController().signal;
  const broken: Readonly<Record<string, Partial<Machine>>> = {
    "stat tells type, size and mode of a file and a folder, and undefined where there is nothing": {
      stat: async (path, signal) => (await real.stat(path, signal)) ?? Promise.reject(new Error("not there")),
    },
    "stat and realpath follow links": { realpath: async (path) => path },
    "the version of a file changes with its content, and only then has to": {
      stat: async (path, signal) => {
        const found = await real.stat(path, signal);
        return found && { ...found, version: "1" };
      },
    },
    "read gives the bytes of a range, whatever its edges": {
      read: (path, { from = 0, to = 1_000_000 }, signal) => real.read(path, { from, to: to + 1 }, signal),
    },
    "read refuses what is no regular file, without waiting for it": { read: empty },
    "write makes missing folders, and replaces the whole of a file": inPlace,
    "a reader of a file that is being written sees the old or the new, never a part": inPlace,
    "write keeps the mode, and writes through a link": {
      write: async (path, bytes, options, signal) => {
        await rm(path, { force: true });
        return real.write(path, bytes, options, signal);
      },
    },
    "with a version write replaces that version only, and with null only nothing": {
      write: (path, bytes, _options, signal) => real.write(path, bytes, {}, signal),
    },
    "a write that was cancelled before it began changes nothing": {
      write: (path, bytes, options) => real.write(path, bytes, options, never),
    },
    "write says what it cannot replace": {
      write: (path, bytes, options, signal) =>
        real.write(path, bytes, options, signal).catch(() => {
          throw new FaultError({ code: "io", message: "no" });
        }),
    },
    "list gives each entry of a folder once, with its own type": { list: empty },
    "list says what it cannot list": { list: empty },
    "unlinked, where there is one, does the same without links and rejects with moved where there is one": {
      unlinked: real,
    },
    "exec gives the output in its order, with its streams, and the exit code": executed(({ output }) => ({
      output: mapped(output, (piece) => ({ ...piece, stream: "stdout" })),
    })),
    "exec passes arguments as they are, without a shell": {
      exec: (request, signal) =>
        real.exec(
          { ...request, argv: ["sh", "-c", `${request.argv[0]} "${request.argv.slice(1).join('" "')}"`] },
          signal,
        ),
    },
    "exec runs in its folder, with what is added to its environment": {
      exec: ({ env: _env, ...request }, signal) => real.exec(request, signal),
    },
    "a program's input is empty": executed(() => ({ exit: new Promise(() => undefined) })),
    "exec rejects for a program that cannot be started": {
      exec: async () => ({
        output: empty(),
        exit: Promise.resolve({ type: "exited", code: 127, survivors: [] }),
      }),
    },
    "an abort stops the whole tree of a program": exit("cancelled", { type: "exited", code: 0 }),
    "a program that runs too long is stopped, and what it had said is kept": exit("timed-out", {
      type: "cancelled",
    }),
    "a program that ends by a signal says which": executed(({ exit: end }) => ({
      exit: end.then(() => ({ type: "exited", code: 143, survivors: [] })),
    })),
  };
  const laws = (change: Partial<Machine>) =>
    machineLaws(async () => ({ ...(await make()), machine: { ...real, ...change } }));
  test("all of them", () => {
    expect(laws({}).map((law) => law.name)).toEqual(Object.keys(broken));
  });
  for (const [name, change] of Object.entries(broken)) {
    // A race is looked for alone. The others wait together: one of them for what never comes.
    const each = change === inPlace ? test : test.concurrent;
    each(name, async () => {
      const law = laws(change).find((each) => each.name === name);
      await expect(law?.check()).rejects.toThrow();
    });
  }
});

async function* mapped(
  output: AsyncIterable<ExecOutput>,
  change: (piece: ExecOutput) => ExecOutput,
): AsyncGenerator<ExecOutput> {
  for await (const piece of output) yield change(piece);
}
