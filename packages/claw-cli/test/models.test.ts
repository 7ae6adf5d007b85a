import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startMockModel } from "@claw/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ClawPlace, clawPlace } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
});
afterEach(() => place[Symbol.asyncDispose]());

test("claw models: one line for each model of the provider, or one JSON object", async () => {
  await using mock = await startMockModel({ script: [], models: ["one", "two"] });
  const flags = ["models", "--provider", "ollama", "--ollama-url", mock.url];
  expect(await place.run(flags)).toMatchObject({ code: 0, stdout: "one\ntwo\n", stderr: "" });
  const json = await place.run([...flags, "--output-format", "json"]);
  expect(json.stdout).toBe('{"id":"one"}\n{"id":"two"}\n');
  expect(await place.run(["models", "extra"])).toMatchObject({ code: 2, stdout: "" });
  const down = await place.run(["models", "--provider", "ollama", "--ollama-url", "http://127.0.0.1:1"]);
  expect(down).toMatchObject({ code: 1, stdout: "" });
  expect(down.stderr).toContain("cannot be reached");
});

test("claw conformance: scores the model case by case and keeps its profile; 1 when cases were failed", async () => {
  await using mock = await startMockModel({ script: () => ({ text: "I do not know." }), models: ["plain"] });
  const flags = ["conformance", "--provider", "ollama", "--ollama-url", mock.url, "-m", "plain"];
  const { code, stdout, stderr } = await place.run(flags);
  expect(stderr).toBe("");
  expect(code).toBe(1);
  expect(stdout).toMatch(/^✗ .+: it did not call /m);
  expect(stdout).toMatch(/^\d+ of \d\d cases passed$/m);
  expect(JSON.parse(await readFile(join(place.home, "model-profiles.json"), "utf8"))).toMatchObject({
    models: [{ match: "plain", dialects: [] }],
  });
  const lines = (await place.run([...flags, "--output-format", "json"])).stdout.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).type).at(-1)).toBe("score");
});

test("L13, --fallback-model: the next model answers when the first one cannot, and stderr says so", async () => {
  const script = await place.script(
    { error: { code: "overloaded", message: "The model is busy." } },
    { error: { code: "overloaded", message: "The model is busy." } },
  );
  const { code, stdout, stderr } = await place.run([
    "-q",
    "run echo hi",
    "--fallback-model",
    "stub:second",
    ...script,
  ]);
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining("stub:second") });
  expect(stdout).toContain("hi");
  expect(await place.run(["-q", "x", "--fallback-model", "a,,b", ...script])).toMatchObject({ code: 2 });
});

test("--effort: how much to think reaches the vendor, in its own words", async () => {
  await using mock = await startMockModel({ script: [{ text: "done" }], models: ["m"] });
  const flags = ["-q", "x", "--provider", "ollama", "--ollama-url", mock.url, "-m", "m", "--effort", "none"];
  expect(await place.run(flags)).toMatchObject({ code: 0, stdout: "done\n" });
  expect(mock.requests[0]?.body).toMatchObject({ think: false });
  mock.assertClean();
  expect(await place.run(["-q", "x", "--effort", "huge"])).toMatchObject({ code: 2 });
});

test.each([
  ["none.json", /none\.json cannot be read/],
  ["{", /this is not JSON/],
  ['{"type":"array"}', /whose "type" is "object"/],
  ["list.json", /whose "type" is "object"/],
])("--json-schema %s: wrong usage, with an example of what is right", async (given, words) => {
  await writeFile(join(place.workspace, "list.json"), "[1]");
  const { code, stdout, stderr } = await place.run(["-q", "x", "--provider", "stub", "--json-schema", given]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(words);
  expect(stderr).toContain('{"type":"object"');
});

test.each([
  ['{"a":1}', undefined],
  ["I would say 1.", /does not fit --json-schema: it is not JSON\.\n {6}\S/],
  ['{"a":"one"}', /does not fit --json-schema: at \$\.a: .*number/],
  ["{}", /does not fit --json-schema: at \$\.a: /],
])(
  "--json-schema: an answer that is something else is given as it is, with a warning: %s",
  async (answer, warning) => {
    const schema = '{"type":"object","properties":{"a":{"type":"number"}},"required":["a"]}';
    for (const format of ["text", "json"]) {
      const args = ["-q", "x", "--json-schema", schema, "--output-format", format];
      const { code, stdout, stderr } = await place.run([...args, ...(await place.script({ text: answer }))]);
      expect(code).toBe(0);
      if (format === "text") expect(stdout).toBe(`${answer}\n`);
      else expect(JSON.parse(stdout)).toMatchObject({ result: answer });
      if (warning === undefined) expect(stderr).not.toContain("json-schema");
      else expect(stderr).toMatch(warning);
    }
  },
);
