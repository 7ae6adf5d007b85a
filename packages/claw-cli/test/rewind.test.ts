import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawPlace, jsonLines } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
});
afterEach(() => place[Symbol.asyncDispose]());

const call = (name: string, input: object) => ({ toolCalls: [{ name, input }] });
const write = (file_path: string, content: string) => call("Write", { file_path, content });
const read = (name: string): Promise<string> =>
  readFile(join(place.workspace, name), "utf8").catch(() => "no file");

/** The names of files in a folder of the project's, at any depth. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const all = await readdir(place.home, { recursive: true, withFileTypes: true });
  return all
    .filter((each) => each.isFile() && each.parentPath.split("/").includes(folder))
    .map(({ name }) => name);
}
const keptContents = () => filesBelow("checkpoints");

describe("rank 18: claw sessions rewind", () => {
  beforeEach(async () => {
    await writeFile(join(place.workspace, "a.txt"), "one\n");
    const script = await place.script(
      call("Read", { file_path: "a.txt" }),
      call("Edit", { file_path: "a.txt", old_string: "one", new_string: "two" }),
      write("new.txt", "made\n"),
      call("Bash", { command: "echo made by a command > other.txt" }),
      { text: "Done." },
    );
    const { code, stderr } = await place.run([
      "-q",
      "change things",
      "--session-id",
      "s",
      "-p",
      "auto",
      ...script,
    ]);
    expect(code, stderr).toBe(0);
    expect([await read("a.txt"), await read("new.txt")]).toEqual(["two\n", "made\n"]);
  });

  test("lists the points, shows what it would do, does it, and takes it back", async () => {
    const points = await place.run(["sessions", "rewind", "s"]);
    expect(points.stdout).toMatch(/^ +1 {2}\S+ \S+ {2}change things\n$/);

    const dry = await place.run(["sessions", "rewind", "s", "--to", "1", "--dry-run"]);
    expect(dry.stdout).toMatch(/restore +\S+a\.txt/);
    expect(dry.stdout).toMatch(/remove +\S+new\.txt, which this session made/);
    expect(dry.stdout).toContain("1 command ran since then: what they changed is not known");
    expect(await read("a.txt")).toBe("two\n");

    const done = await place.run(["sessions", "rewind", "s", "--to", "1"]);
    expect(done.stdout).toContain("Rewinding to 2 takes it back.");
    expect([await read("a.txt"), await read("new.txt"), await read("other.txt")]).toEqual([
      "one\n",
      "no file",
      "made by a command\n",
    ]);
    const again = await place.run([
      "-q",
      "what now?",
      "--resume",
      "s",
      ...(await place.script({ text: "Fresh." })),
    ]);
    expect(again.stdout).toBe("Fresh.\n");

    await place.run(["sessions", "rewind", "s", "--to", "2", "--only", "files"]);
    expect([await read("a.txt"), await read("new.txt")]).toEqual(["two\n", "made\n"]);
  });

  test("leaves what somebody else changed, and says so; --force puts it back", async () => {
    await writeFile(join(place.workspace, "a.txt"), "theirs\n");
    const { stdout } = await place.run(["sessions", "rewind", "s", "--to", "1"]);
    expect(stdout).toMatch(/LEAVE +\S+a\.txt: somebody else changed it since/);
    expect([await read("a.txt"), await read("new.txt")]).toEqual(["theirs\n", "no file"]);
    const args = ["sessions", "rewind", "s", "--to", "1", "--force", "--output-format", "json"];
    const [report] = jsonLines((await place.run(args)).stdout);
    expect(report).toMatchObject({ files: [{ action: "restore" }, { action: "none" }] });
    expect(await read("a.txt")).toBe("one\n");
  });

  test("no name and no prompt acts on the terminal, or reads as another one", async () => {
    const script = await place.script(
      write("a\u202etxt.exe", "made\n"),
      call("one\u001b]0;x\u0007two\u009b2J", {}),
      {
        text: "Done.",
      },
    );
    await place.run(["-q", "\u001b[2Jgo", "--session-id", "odd", "-p", "auto", ...script]);
    const points = await place.run(["sessions", "rewind", "odd"]);
    const plan = await place.run(["sessions", "rewind", "odd", "--to", "1", "--dry-run"]);
    const shown = await place.run(["sessions", "show", "odd"]);
    expect(points.stdout).toContain("go");
    expect(plan.stdout).toMatch(/remove +\S+a<U\+202E>txt\.exe, which/);
    expect(shown.stdout).toContain("● onetwo");
    const all = points.stdout + plan.stdout + shown.stdout;
    expect(["\u001b", "\u0007", "\u009b", "\u202e"].filter((each) => all.includes(each))).toEqual([]);
  });

  test("nor does it in JSON, where it is the same text", async () => {
    const odd = "\u009b2J\u202ea\u2028\u200b\ufeff";
    const script = await place.script(write("a\u202eb", odd), { text: odd });
    const args = ["-q", odd, "--session-id", "odd", "-p", "auto", ...script];
    const json = ["--output-format", "json"];
    const all = [
      await place.run([...args, "--output-format", "stream-json"]),
      await place.run(["sessions", "export", "odd"]),
      await place.run(["sessions", "list", ...json]),
      await place.run(["sessions", "rewind", "odd", "--to", "1", "--dry-run", ...json]),
      await place.run(["-q", odd, ...json, ...(await place.script({ text: odd }))]),
    ].map(({ stdout }) => stdout);
    expect(all.map((text) => text.match(/[\u007f-\u009f\u200b\u2028\u202e\ufeff]/g))).toEqual(
      all.map(() => null),
    );
    expect(jsonLines(all[4] ?? "").at(-1)).toMatchObject({ result: odd });
    expect(JSON.stringify(jsonLines(all[1] ?? ""))).toContain(odd);
    expect(JSON.stringify(jsonLines(all[3] ?? ""))).toContain("a\u202eb");
  });

  test("deleting a session deletes what is kept for it alone; pruning what is kept for all", async () => {
    await place.run([
      "-q",
      "go",
      "--resume",
      "s",
      "--fork-session",
      ...(await place.script({ text: "Ok." })),
    ]);
    const fork = jsonLines((await place.run(["sessions", "list", "--output-format", "json"])).stdout)
      .map(({ session }) => String(session))
      .find((id) => id !== "s");
    expect(await keptContents()).not.toEqual([]);
    await place.run(["sessions", "delete", "s"]);
    expect(await keptContents()).not.toEqual([]); // the fork can still go back
    const pruned = await place.run(["sessions", "prune"]);
    expect(`${pruned.code} ${pruned.stderr}`).toMatch(/^0 Deleted \d+ kept files?, \d+ kB\.\n$/);
    expect(await keptContents()).toEqual([]);
    const dry = await place.run(["sessions", "rewind", fork ?? "", "--to", "1", "--dry-run"]);
    expect(dry.stdout).toMatch(/LEAVE +\S+a\.txt: what it was is not kept/);
    expect((await place.run(["sessions", "prune"])).stderr).toBe("There was nothing to delete.\n");
    expect((await place.run(["sessions", "prune", "s"])).code).toBe(2);
  });

  test("the last session takes everything with it: contents of files and kept output", async () => {
    const script = await place.script(call("Bash", { command: "seq 1 50000" }), { text: "Done." });
    await place.run(["-q", "more", "--resume", "s", "-p", "auto", ...script]);
    expect(await filesBelow("spill")).toHaveLength(1);
    await place.run(["sessions", "delete", "s"]);
    expect([...(await filesBelow("spill")), ...(await keptContents())]).toEqual([]);
  });

  test("a fork can go back, too: what files were is kept for all sessions of a folder", async () => {
    const script = await place.script({ text: "Copied." });
    await place.run(["-q", "go on", "--resume", "s", "--fork-session", "--session-id", "f", ...script]);
    await place.run(["sessions", "rewind", "f", "--to", "1"]);
    expect([await read("a.txt"), await read("new.txt")]).toEqual(["one\n", "no file"]);
  });

  test.each([
    [["sessions", "rewind"], "needs the id of a session"],
    [["sessions", "rewind", "s", "--dry-run"], "--dry-run needs --to POINT"],
    [["sessions", "list", "--to", "1"], "It is for claw sessions rewind."],
    [["sessions", "rewind", "s", "--to", "x"], '"x" is not a value of --to'],
    [["sessions", "rewind", "s", "--to", "9"], "There is no point 9 in this session."],
    [["sessions", "rewind", "none", "--to", "1"], 'no session "none"'],
  ])("%j is refused with words", async (args, words) => {
    const { code, stdout, stderr } = await place.run(args);
    expect(code).not.toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toContain(words);
    expect(stderr).not.toContain("    at ");
  });

  test("/rewind in the conversation", async () => {
    const flags = [
      "--resume",
      "s",
      "-p",
      "auto",
      ...(await place.script(write("b.txt", "b\n"), { text: "Written." })),
    ];
    await using terminal = await place.open(flags);
    await terminal.waitFor(/\n>$/);
    terminal.type("write b\r");
    await terminal.waitFor("Written.");
    terminal.type("/rewind\r");
    await terminal.waitFor("change things");
    terminal.type("/rewind 2\r");
    await terminal.waitFor("/rewind 2 yes does it");
    expect(await read("b.txt")).toBe("b\n");
    terminal.type("/rewind 2 yes\r");
    await terminal.waitFor("/rewind 3 yes takes it back");
    expect([await read("b.txt"), await read("a.txt")]).toEqual(["no file", "two\n"]);
    terminal.type("/rewind 3 yes\r");
    expect(await terminal.waitFor("/rewind 4 yes takes it back")).toContain("4 messages come back into it");
    expect(await read("b.txt")).toBe("b\n");
    terminal.type("/rewind 9 yes\r");
    await terminal.waitFor("There is no point 9");
  });
});
