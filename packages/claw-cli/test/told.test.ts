import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawPlace, jsonLines } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
});
afterEach(() => place[Symbol.asyncDispose]());

const look = { toolCalls: [{ name: "Bash", input: { command: "echo same" } }] };
const inCircles = [look, look, look, { text: "I give up." }];
const warned = "◆ runtime to the model: You have made the same calls with the same results several times.";
const stop = {
  hooks: {
    Stop: [
      {
        hooks: [
          { type: "command", command: "[ -e seen ] || { touch seen; echo 'run the tests' >&2; exit 2; }" },
        ],
      },
    ],
  },
};

const rewriting = (updatedInput: object) => {
  const said = { hookSpecificOutput: { hookEventName: "PreToolUse", updatedInput } };
  const command = `echo '${JSON.stringify(said)}'`;
  return [
    "--settings",
    JSON.stringify({ hooks: { PreToolUse: [{ hooks: [{ type: "command", command }] }] } }),
  ];
};

describe("what the model is told by others than the person is told to the person, too", () => {
  test("a warning of the runtime: on stderr, after a resume, and as an event in stream-json", async () => {
    const args = ["-q", "x", "-p", "auto", ...(await place.script(...inCircles))];
    const told = await place.run([...args, "--session-id", "s"]);
    expect(told).toMatchObject({ code: 0, stdout: "I give up.\n" });
    expect(told.stderr).toContain(warned);
    expect((await place.run(["sessions", "show", "s"])).stdout).toMatch(/^◆ runtime to the model: You have/m);
    await using terminal = await place.open(["-r", "s", "--provider", "stub"]);
    await terminal.waitFor("I give up.");
    expect(terminal.scrollback()).toContain("◆ runtime to the model: You have made the same calls");

    const json = await place.run([...args, "--output-format", "stream-json"]);
    expect(json.stderr).not.toContain("runtime to the model");
    expect(jsonLines(json.stdout)).toContainEqual(
      expect.objectContaining({
        type: "message",
        message: expect.objectContaining({ role: "user", origin: "runtime" }),
      }),
    );
  });

  test("a hook that makes the run go on", async () => {
    const script = await place.script({ text: "Done." }, { text: "Done, and tested." });
    const { stderr, stdout } = await place.run(["-q", "x", "--settings", JSON.stringify(stop), ...script]);
    expect(stdout).toBe("Done, and tested.\n");
    expect(stderr).toContain("◆ hook to the model: run the tests\n");
  });

  test("W18: in a conversation, a reply that was cut off stays one answer below it", async () => {
    const script = await place.script(
      { text: "First.\n\none two ", stop: "length" },
      { text: "three ", stop: "length" },
      { text: "four" },
    );
    await using terminal = await place.open(script);
    terminal.type("count\r");
    await terminal.waitFor(/four\n+>$/);
    const told = `◆ runtime to the model: Your reply was cut off by its length limit. Go on\n  exactly where it ended.\n`;
    expect(terminal.scrollback()).toContain(`First.\n${told}${told}\none two three four\n`);
  });
});

test("what an MCP server says of its use is told of with --verbose, and is no words of the person after a resume", async () => {
  const file = join(place.workspace, "server.mjs");
  await writeFile(
    file,
    `import { McpServer } from ${JSON.stringify(import.meta.resolve("@modelcontextprotocol/server"))};
     import { StdioServerTransport } from ${JSON.stringify(import.meta.resolve("@modelcontextprotocol/server/stdio"))};
     const server = new McpServer({ name: "s", version: "1" }, { instructions: "Add before you drop." });
     server.registerTool("add", { description: "Adds." }, () => ({ content: [] }));
     await server.connect(new StdioServerTransport());`,
  );
  const servers = { mcpServers: { notes: { command: process.execPath, args: [file] } } };
  await place.run(["mcp", "add-json", "notes", JSON.stringify(servers.mcpServers.notes)]);
  const known = await place.run(["mcp", "status"]);
  expect(known.stdout).toContain("1 tools");
  const script = await place.script({ text: "Done." });
  const told = "◆ Instructions: of the MCP server notes\n";
  const verbose = await place.run(["-q", "x", "--verbose", "--session-id", "s", ...script]);
  expect(verbose.stderr).toContain(told);
  expect((await place.run(["sessions", "show", "s"])).stdout).toBe("> x\n\nDone.\n\n");
  expect((await place.run(["sessions", "export", "s"])).stdout).toContain("| Add before you drop.");
  const off = await place.run(["-q", "x", "--verbose", "--no-instructions", ...script]);
  expect(off.stderr).not.toContain(told);
});

describe("hook_pre_rewrites: people see what ran", () => {
  const loud = { toolCalls: [{ name: "Bash", input: { command: "echo loud" } }] };
  const quiet = "● Bash echo loud\n  ⎿ rewritten by a hook: echo quiet\n  ⎿ quiet\n";

  test("below the title of the call: on stderr, in a conversation, after a resume, in a saved session", async () => {
    const hook = rewriting({ command: "echo quiet" });
    const args = [
      ...hook,
      "-p",
      "auto",
      "--session-id",
      "s",
      ...(await place.script(loud, { text: "Done." })),
    ];
    const query = await place.run(["-q", "x", ...args]);
    expect(query.stdout).toBe("Done.\n");
    expect(query.stderr).toContain(quiet);
    const shown = await place.run(["sessions", "show", "s"]);
    expect(shown.stdout).toContain(
      "● Bash echo loud\n  ⎿ Bash: rewritten by a hook: echo quiet\n  ⎿ quiet\n",
    );

    await using terminal = await place.open([
      "-r",
      "s",
      ...hook,
      "-p",
      "auto",
      ...(await place.script(loud)),
    ]);
    await terminal.waitFor(quiet);
    terminal.type("again\r");
    await terminal.waitFor(/> again[\s\S]*⎿ quiet\n/);
    expect(terminal.scrollback().split(quiet)).toHaveLength(3);
  });

  test("what else is another is named; a call beside others has its name", async () => {
    const same = await place.run([
      ...["-q", "x", "-p", "auto", ...rewriting({ command: "echo loud", timeout: 9_000 })],
      ...(await place.script(loud, { text: "Done." })),
    ]);
    expect(same.stderr).toContain("● Bash echo loud\n  ⎿ rewritten by a hook: timeout\n  ⎿ loud\n");
    const read = (file_path: string) => ({ name: "Read", input: { file_path } });
    await writeFile(join(place.workspace, "c"), "see");
    const beside = await place.run([
      ...["-q", "x", ...rewriting({ file_path: "c" })],
      ...(await place.script({ toolCalls: [read("a"), read("b")] }, { text: "Done." })),
    ]);
    expect(beside.stderr).toContain("  ⎿ Read a: rewritten by a hook: c\n");
    expect(beside.stderr).toMatch(/ {2}⎿ Read c: .*see\n/);
  });
});
