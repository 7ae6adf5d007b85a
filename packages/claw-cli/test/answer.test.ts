import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { open, readdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { waitUntil } from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawPlace, jsonLines } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
});
afterEach(() => place[Symbol.asyncDispose]());

const bash = (...commands: readonly string[]) => ({
  toolCalls: commands.map((command) => ({ name: "Bash", input: { command } })),
});
const json = ["--output-format", "json"];

/** A query that ends because nobody is there yet. */
async function deferred(...commands: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const script = await place.script(bash(...commands), { text: "never" });
  const args = ["-q", "go", "--defer-permissions", "--session-id", "late", ...json, ...script];
  const { code, stdout } = await place.run(args);
  expect(code).toBe(4);
  const [result] = jsonLines(stdout);
  expect(result).toMatchObject({ reason: "awaiting-permission", session_id: "late", is_error: true });
  const pending = result?.["pending_permissions"];
  return Array.isArray(pending) ? pending : [];
}

const made = (): Promise<string> => readFile(join(place.workspace, "made"), "utf8").catch(() => "");

describe("awaiting-permission: a question is answered by another process, later", () => {
  test("allow: the call runs once, the run goes on, and nothing waits any more", async () => {
    const [question] = await deferred("echo once >> made");
    expect(question).toMatchObject({ tool: "Bash", input: { command: "echo once >> made" } });
    expect(await made()).toBe("");
    const shown = await place.run(["answer", "late"]);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain("echo once >> made");
    expect(shown.stdout).toContain(`call ${question?.["call"]}`);
    const asJson = await place.run(["answer", "late", ...json]);
    expect(jsonLines(asJson.stdout)).toEqual([question]);

    const answered = await place.run(["answer", "late", "allow", ...(await place.script({ text: "done" }))]);
    expect(answered, answered.stderr).toMatchObject({ code: 0, stdout: "done\n" });
    expect(await made()).toBe("once\n");
    const again = await place.run(["answer", "late", "allow", ...(await place.script({ text: "done" }))]);
    expect(again).toMatchObject({ code: 2, stdout: "" });
    expect(again.stderr).toContain("Session late waits for no permission.");
    expect(await made()).toBe("once\n");

    const events = jsonLines((await place.run(["sessions", "export", "late"])).stdout);
    const decisions = events.filter((event) => event["type"] === "permission-decision");
    expect(decisions).toMatchObject([{ call: question?.["call"], decision: "allow", by: "user" }]);
    const waiting = events.filter((event) => event["type"] === "permission-pending");
    expect(waiting).toMatchObject([{ request: question }]);
  });

  test("a session that is not saved does not say that it can be answered", async () => {
    const script = await place.script(bash("echo once >> made"), { text: "never" });
    const env = { CLAW_HOME: "/etc/passwd/below-a-file" };
    const args = ["-q", "go", "--defer-permissions", ...script];
    const text = await place.run(args, { env });
    expect(text.code).toBe(4);
    expect(text.stderr).toContain("It cannot be answered later, as this session is not saved");
    expect(text.stderr).not.toContain("claw answer");
    const [result] = jsonLines((await place.run([...args, ...json], { env })).stdout);
    expect(result).toMatchObject({ error: { hint: expect.stringContaining("cannot be answered later") } });
  });

  test("an answer that leads nowhere is a result object, too", async () => {
    const { code, stdout } = await place.run(["answer", "nobody", "allow", ...json]);
    expect(code).toBe(1);
    expect(jsonLines(stdout)).toMatchObject([{ type: "result", error: { code: "session-unknown" } }]);
  });

  test("deny: the model is told why, and nothing ran", async () => {
    await deferred("echo once >> made");
    const script = await place.script({ text: "understood" });
    const denied = await place.run(["answer", "late", "deny", "--message", "use tabs", ...script]);
    expect(denied).toMatchObject({ code: 0, stdout: "understood\n" });
    expect(await made()).toBe("");
    const { stdout } = await place.run(["sessions", "export", "late"]);
    expect(stdout).toContain("Permission denied: use tabs");
  });

  test("several: the one that is meant has to be named, and the others go on waiting", async () => {
    const [one, two] = await deferred("echo one >> made", "echo two >> made");
    const unclear = await place.run(["answer", "late", "allow"]);
    expect(unclear.code).toBe(2);
    expect(unclear.stderr).toContain(`They are: ${one?.["call"]}, ${two?.["call"]}.`);
    const script = await place.script({ text: "done" });
    const first = await place.run(["answer", "late", "allow", String(two?.["call"]), ...script]);
    expect(first.code).toBe(4);
    expect(first.stderr).toContain("echo one >> made");
    expect(first.stderr).toContain("claw answer late allow, or deny");
    expect(await made()).toBe("two\n");
    const second = await place.run(["answer", "late", "allow", ...script]);
    expect(second, second.stderr).toMatchObject({ code: 0, stdout: "done\n" });
    expect(await made()).toBe("two\none\n");
  });

  test.skipIf(!existsSync("/proc/self/fd"))(
    "two answers at once: one counts, and the other is told",
    async () => {
      const [one, two] = await deferred("echo one >> made", "echo two >> made");
      const pipe = join(place.workspace, "pipe");
      execFileSync("mkfifo", [pipe]);
      const answer = [String(one?.["call"]), "--provider", "stub", "--stub-script"];
      const late = place.start(["answer", "late", "allow", ...answer, pipe]);
      const holdsPipe = async (): Promise<boolean> => {
        const files = `/proc/${late.child.pid}/fd`;
        const targets = await Promise.all(
          (await readdir(files)).map((file) => readlink(join(files, file)).catch(() => "")),
        );
        return targets.includes(pipe);
      };
      const done = '{"text":"done"}\n';
      await writeFile(pipe, done); // waits for the reader
      await waitUntil(async () => !(await holdsPipe()));
      // It has read its options, looks at the question, and reads them again before it takes the session.
      const script = await open(pipe, "w");
      const other = await place.run([
        "answer",
        "late",
        "deny",
        ...answer,
        ...(await place.script({ text: "no" })).slice(1),
      ]);
      expect(other.code, other.stderr).toBe(4);
      await script.write(done);
      await script.close();
      const { code, stdout, stderr } = await late.exit;
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain("this answer came too late");
      expect(await made()).toBe("");
      expect((await place.run(["answer", "late"])).stdout).toContain(String(two?.["call"]));
    },
  );

  test("a rule that came meanwhile beats the answer: it is judged again", async () => {
    await deferred("echo once >> made");
    const script = await place.script({ text: "done" });
    const args = ["answer", "late", "allow", "--disallowed-tools", "Bash(echo *)", ...script];
    expect((await place.run(args)).code).toBe(0);
    expect(await made()).toBe("");
  });

  test("a process that is killed while the call runs leaves no question behind", async () => {
    await deferred("touch running; sleep 60; echo once >> made");
    const claw = place.start([
      "answer",
      "late",
      "allow",
      "--verbose",
      ...(await place.script({ text: "x" })),
    ]);
    await claw.says("● Bash");
    const running = join(place.workspace, "running");
    await waitUntil(() =>
      stat(running).then(
        () => true,
        () => false,
      ),
    );
    claw.child.kill("SIGKILL");
    await claw.exit;
    const { stderr } = await place.run(["answer", "late"]);
    expect(stderr).toContain("waits for no permission");
    expect(await made()).toBe("");
  });
});

describe("T14: wrong usage of claw answer is said so", () => {
  test.each([
    [["answer"], "answer needs the id of a session."],
    [["answer", "x", "allow", "y", "z"], '"z" is one word too many.'],
    [["answer", "x", "perhaps"], '"perhaps" is no answer.'],
    [["answer", "x", "allow", "--message", "m"], "It is for claw answer ID deny."],
    [["-q", "x", "--message", "m"], "It is for claw answer ID deny."],
    [["answer", "nowhere", "allow"], "nowhere"],
  ])("%j", async (args, message) => {
    const { code, stdout, stderr } = await place.run(args);
    expect(code).not.toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
  });

  test("--defer-permissions in a conversation", async () => {
    await using terminal = await place.open(["--defer-permissions", "--provider", "stub"]);
    expect((await terminal.exit).code).toBe(2);
    expect(terminal.screen()).toContain("a conversation does not take --defer-permissions.");
  });
});
