import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JsonValue, type Machine, type PreparedCall, plainText, toolCallId } from "@claw/agent-core";
import { type AnyTool, createToolbox } from "@claw/agent-tools";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFileLedger } from "../../src/files/file-ledger.ts";
import { ripgrepPrograms } from "../../src/grep/ripgrep-programs.ts";
import { editTool, globTool, grepTool, localMachine, readTool, writeTool } from "../../src/index.ts";

let top: string;
let root: string;
let outside: string;

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "judged-")));
  root = join(top, "ws");
  outside = join(top, "outside");
  for (const folder of [join(root, "src", "deep"), join(outside, "deep")])
    mkdirSync(folder, { recursive: true });
  for (const file of ["a.ts", "deep/b.ts"]) writeFileSync(join(root, "src", file), "inside needle");
  for (const file of ["a.ts", "deep/b.ts", "key.ts"]) writeFileSync(join(outside, file), "SECRET needle");
});
afterEach(() => rmSync(top, { recursive: true }));

const local = localMachine();
/** A machine that can only be asked, as one for a remote host may be. */
const { unlinked: _, ...askable } = local;

/** A call as a run makes it ready; what stands in between is the time in which somebody decides. */
async function prepared(tool: AnyTool, input: JsonValue): Promise<PreparedCall> {
  const toolbox = createToolbox({ tools: [tool], cwd: root, realpath: local.realpath });
  const ready = await toolbox.prepare({ type: "tool-call", id: toolCallId("c"), name: tool.name, input });
  if (ready.type === "rejected") throw new Error(plainText(ready.outcome.content));
  return ready.call;
}

async function run(call: PreparedCall): Promise<string> {
  const outcome = await call.run({
    call: toolCallId("c"),
    cwd: root,
    signal: new AbortController().signal,
    idempotencyKey: "k",
    progress: () => undefined,
    plan: () => Promise.resolve(),
    invoke: () => Promise.reject(new Error("No nested calls here.")),
  });
  return `${outcome.status}: ${plainText(outcome.content)}`;
}

/** Everything outside, to see that it stays. */
function outsideNow(): string {
  return readdirSync(outside, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => (name.endsWith(".ts") ? `${name}=${readFileSync(join(outside, name), "utf8")}` : name))
    .join("\n");
}

/** Puts a link to the outside in the place of something that was judged. */
const swaps: Readonly<Record<string, () => void>> = {
  "the file itself": () => {
    for (const file of ["a.ts", "deep/b.ts"]) {
      rmSync(join(root, "src", file));
      symlinkSync(join(outside, file), join(root, "src", file));
    }
  },
  "its folder": () => {
    renameSync(join(root, "src"), join(top, "src-before"));
    symlinkSync(outside, join(root, "src"));
  },
  "the workspace": () => {
    renameSync(root, join(top, "ws-before"));
    mkdirSync(root);
    symlinkSync(outside, join(root, "src"));
  },
};

async function toolsOf(machine: Machine): Promise<Readonly<Record<string, () => Promise<PreparedCall>>>> {
  const ledger = createFileLedger();
  const read = async (path: string): Promise<void> => {
    await run(await prepared(readTool({ machine: local, ledger }), { file_path: path }));
  };
  return {
    Read: () => prepared(readTool({ machine, ledger }), { file_path: "src/a.ts" }),
    "Read, one folder deeper": () => prepared(readTool({ machine, ledger }), { file_path: "src/deep/b.ts" }),
    "Write over it": async () => {
      await read("src/a.ts");
      return prepared(writeTool({ machine, ledger }), { file_path: "src/a.ts", content: "written" });
    },
    Edit: async () => {
      await read("src/a.ts");
      const change = { file_path: "src/a.ts", old_string: "needle", new_string: "changed" };
      return prepared(editTool({ machine, ledger }), change);
    },
    "Grep in process": () =>
      prepared(grepTool({ machine, programs: [] }), {
        pattern: "needle",
        path: "src",
        output_mode: "content",
      }),
    "Grep in process, one file": () =>
      prepared(grepTool({ machine, programs: [] }), {
        pattern: "needle",
        path: "src/a.ts",
        output_mode: "content",
      }),
    "Grep with ripgrep, one file": async () =>
      prepared(grepTool({ machine, programs: await ripgrepPrograms() }), {
        pattern: "needle",
        path: "src/a.ts",
        output_mode: "content",
      }),
  };
}

const names = Object.keys(await toolsOf(local));

describe.each([
  ["this computer", local],
  ["a machine without `unlinked`", askable],
] as const)("class 16, race: a link that comes after the decision, on %s", (_machine, machine) => {
  for (const swap of Object.keys(swaps)) {
    test.each(names)(`%s: ${swap} is swapped, and nothing is shown or changed`, async (name) => {
      const call = await (await toolsOf(machine))[name]?.();
      if (call === undefined) throw new Error(name);
      const before = outsideNow();
      swaps[swap]?.();
      const said = await run(call);
      expect(said).not.toContain("SECRET");
      expect(said).not.toContain("key.ts");
      expect(outsideNow()).toBe(before);
    });
  }

  test.each(["its folder", "the workspace"])("Glob: %s is swapped, and no name is shown", async (swap) => {
    const call = await prepared(globTool({ machine }), { pattern: "*", path: "src" });
    swaps[swap]?.();
    expect(await run(call)).not.toContain("key.ts");
  });

  test.each(["its folder", "the workspace"])("Write: %s of a new file is swapped", async (swap) => {
    const call = await prepared(writeTool({ machine, ledger: createFileLedger() }), {
      file_path: "src/new/file.ts",
      content: "x",
    });
    const before = outsideNow();
    swaps[swap]?.();
    expect(await run(call)).toContain("failed");
    expect(outsideNow()).toBe(before);
  });

  test("Grep with ripgrep: the folder is swapped", async () => {
    const tool = grepTool({ machine, programs: await ripgrepPrograms() });
    const call = await prepared(tool, { pattern: "needle", path: "src", output_mode: "content" });
    swaps["its folder"]?.();
    expect(await run(call)).not.toContain("SECRET");
  });

  test("a link that was judged is followed to where it led then, wherever it leads now", async () => {
    symlinkSync(join(root, "src"), join(root, "link"));
    const call = await prepared(readTool({ machine, ledger: createFileLedger() }), {
      file_path: "link/a.ts",
    });
    expect(call.effects).toEqual([
      { type: "read", path: join(root, "link/a.ts"), target: join(root, "src/a.ts") },
    ]);
    rmSync(join(root, "link"));
    symlinkSync(outside, join(root, "link"));
    expect(await run(call)).toContain("inside needle");
  });

  test("what nobody touched works as ever, also through links", async () => {
    symlinkSync(join(root, "src"), join(root, "link"));
    const ledger = createFileLedger();
    for (const [tool, input, expected] of [
      [readTool({ machine, ledger }), { file_path: "link/a.ts" }, "inside needle"],
      [writeTool({ machine, ledger }), { file_path: "link/new/x.ts", content: "needle" }, "Created"],
      [
        editTool({ machine, ledger }),
        { file_path: "link/a.ts", old_string: "inside", new_string: "in" },
        "Changed",
      ],
      [globTool({ machine }), { pattern: "**/*.ts", path: "link" }, "link/deep/b.ts"],
      [grepTool({ machine, programs: [] }), { pattern: "needle", path: "link" }, "link/deep/b.ts"],
      [grepTool({ machine }), { pattern: "needle", path: "link" }, "link/deep/b.ts"],
      [grepTool({ machine }), { pattern: "needle", path: "link/new/x.ts" }, "x.ts"],
    ] as const) {
      expect(await run(await prepared(tool, input))).toContain(expected);
    }
    expect(readdirSync(join(root, "src", "new"))).toEqual(["x.ts"]);
  });
});

test("class 16: a folder that turns into a link between two looks is not entered", async () => {
  const machine: Machine = {
    ...local,
    unlinked: {
      stat: local.stat,
      write: local.write,
      read: local.read,
      ...local.unlinked,
      async *list(path, signal) {
        const entries = [];
        for await (const entry of local.list(path, signal)) entries.push(entry);
        yield* entries;
        if (path !== join(root, "src")) return;
        rmSync(join(root, "src", "deep"), { recursive: true });
        symlinkSync(join(outside, "deep"), join(root, "src", "deep"));
      },
    },
  };
  const call = await prepared(grepTool({ machine, programs: [] }), {
    pattern: "needle",
    path: "src",
    output_mode: "content",
  });
  const said = await run(call);
  expect(said).toContain("inside");
  expect(said).not.toContain("SECRET");
});
