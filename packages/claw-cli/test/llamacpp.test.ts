import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeTinyGguf } from "../../agent-provider/test/local-models/make-tiny-gguf.js";
import { type ClawPlace, clawPlace, jsonLines } from "./run-claw.ts";

let place: ClawPlace;
let folder = "";
beforeEach(async () => {
  place = await clawPlace();
  folder = join(place.workspace, "..", `${place.workspace.split("/").at(-1)}-packages`);
  await writeFile(join(place.workspace, "alpha.txt"), "first\n");
  await writeFile(join(place.workspace, "tiny.gguf"), makeTinyGguf());
});
afterEach(() => place[Symbol.asyncDispose]());

const flags = ["--provider", "llamacpp", "-m", "tiny.gguf"];
const run = (args: readonly string[], at = folder) => place.run(args, { env: { CLAW_NODE_LLAMA_CPP: at } });

/** The package as far as it is used: it calls Read once, and then says what it was told. */
const fakePackage = `
export const getLlama = async () => ({
  loadModel: async ({ modelPath }) => ({
    tokenizer: {},
    createContext: async () => ({ contextSize: 4096, getSequence: () => ({ tokenMeter: { usedInputTokens: 0, usedOutputTokens: 0 } }) }),
  }),
  dispose: async () => undefined,
});
export class LlamaChat {
  chatWrapper = { generateContextState: () => ({ contextText: { tokenize: () => [1, 2, 3] } }) };
  async generateResponse(history, { functions, onResponseChunk }) {
    const results = history.flatMap((item) => item.response ?? []).filter((part) => part.type === "functionCall");
    if (results.length === 0 && functions?.Read) {
      return { functionCalls: [{ functionName: "Read", params: { file_path: "alpha.txt" } }], metadata: { stopReason: "functionCalls" } };
    }
    onResponseChunk({ text: "It says " + JSON.stringify(results[0]?.result ?? "nothing") });
    return { metadata: { stopReason: "eogToken" } };
  }
}
`;

async function installFake(source: string): Promise<void> {
  const home = join(folder, "node_modules", "node-llama-cpp");
  await mkdir(home, { recursive: true });
  await writeFile(
    join(home, "package.json"),
    '{"name":"node-llama-cpp","version":"3.22.1","type":"module","exports":"./index.js"}',
  );
  await writeFile(join(home, "index.js"), source);
}

test("llamacpp: a GGUF file by path answers with a tool call and then in words; nothing is paid for", async () => {
  await installFake(fakePackage);
  const { code, stdout, stderr } = await run([
    "-q",
    "what is in alpha.txt?",
    "--output-format",
    "json",
    ...flags,
  ]);
  expect(code, stderr).toBe(0);
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({ subtype: "success", num_turns: 2, cost: 0 });
  expect(result.text).toMatch(/^It says .*first/);
});

test("llamacpp: a start from code that was kept finds packages like the first one", async () => {
  await installFake(fakePackage);
  for (let start = 0; start < 3; start++) {
    const { code, stderr } = await run(["-q", "what is in alpha.txt?", ...flags]);
    expect(code, stderr).toBe(0);
  }
  expect(await readdir(join(place.home, "cache"))).toHaveLength(1);
});

test("llamacpp: without the package there is one clear message, and how to get it", async () => {
  await mkdir(folder, { recursive: true });
  const { code, stdout, stderr } = await run(["-q", "hi", ...flags]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(
    /^claw: node-llama-cpp is not installed\.\n {6}Install it: npm install .*node-llama-cpp@/,
  );
  expect(stderr).not.toMatch(/ {4}at /);
});

test("llamacpp: a package that cannot be loaded is told as what it is", async () => {
  await installFake('throw new Error("no binary for this machine");');
  const { code, stderr } = await run(["-q", "hi", ...flags]);
  expect(code).toBe(1);
  expect(stderr).toContain("node-llama-cpp cannot be loaded: no binary for this machine");
});

test.each([
  ["no file at all", ["--provider", "llamacpp"], 2, /No model was chosen: llamacpp runs a GGUF file/],
  [
    "a file that is not there",
    ["--provider", "llamacpp", "-m", "none.gguf"],
    1,
    /There is no file .*none\.gguf/,
  ],
  ["a file that is none", ["--provider", "llamacpp", "-m", "alpha.txt"], 1, /alpha\.txt is no GGUF file/],
  ["a folder", ["--provider", "llamacpp", "-m", "."], 1, /cannot be read: EISDIR/],
])("llamacpp: %s", async (_name, args, exit, words) => {
  await installFake(fakePackage);
  const { code, stdout, stderr } = await run(["-q", "hi", ...args]);
  expect({ code, stdout }, stderr).toEqual({ code: exit, stdout: "" });
  expect(stderr).toMatch(words);
});

test("llamacpp: claw models says that there is no list", async () => {
  const { code, stderr } = await run(["models", "--provider", "llamacpp"]);
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/llamacpp has no list of models/);
});

test("llamacpp: a model of a file can stand in for another one", async () => {
  await installFake(fakePackage);
  const failing = { error: { code: "auth", message: "The key ran out." } };
  const script = await place.script(failing, failing);
  const { code, stdout, stderr } = await run([
    "-q",
    "hi",
    "--fallback-model",
    "llamacpp:tiny.gguf",
    ...script,
  ]);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^It says .*first/);
  expect(stderr).toContain("llamacpp:tiny.gguf");
});

describe("with the real package", () => {
  const installed = process.env["CLAW_NODE_LLAMA_CPP"];

  test("the tiny model talks through the program, and stops at once when it is interrupted", async (context) => {
    if (installed === undefined)
      return context.skip("not applicable: CLAW_NODE_LLAMA_CPP names no installation");
    // Its context is too small for the tools.
    const stub = await place.run(["-q", "x", "--provider", "stub", "--output-format", "stream-json"]);
    const hidden = String(jsonLines(stub.stdout)[0]?.["tools"]);
    const args = ["-q", "hello", "-s", "", "--disallowed-tools", hidden, "--output-format", "stream-json"];
    const claw = place.start([...args, ...flags], { env: { CLAW_NODE_LLAMA_CPP: installed } });
    await claw.says('"type":"text-delta"');
    claw.child.kill("SIGINT");
    const { code, stdout } = await claw.exit;
    expect(code).toBe(130);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ reason: "cancelled", num_turns: 1 });
  });
});
