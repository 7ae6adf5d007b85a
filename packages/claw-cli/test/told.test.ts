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
