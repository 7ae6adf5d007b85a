import { type Frontmatter, isFrontmatterFault, readFrontmatter } from "@claw/agent-extensions";
import fc from "fast-check";
import { expect, test } from "vitest";

async function read(text: string): Promise<Frontmatter> {
  const found = await readFrontmatter(text);
  if (isFrontmatterFault(found)) throw new Error(`line ${found.line}: ${found.reason}`);
  return found;
}

test("a file without a block is all body", async () => {
  expect(await read("# Title\n---\nno: block\n---\n")).toMatchObject({
    values: {},
    body: "# Title\n---\nno: block\n---\n",
  });
});

test("values are plain JSON, the body is what follows, and keys know their line", async () => {
  const { values, body, lineOf } = await read(
    "\uFEFF---\r\nname: a\r\ntools:\r\n  - Read\r\n  - Bash(git add:*)\r\nsince: 2026-01-01\r\n---\r\nHello\r\n",
  );
  expect(values).toEqual({ name: "a", tools: ["Read", "Bash(git add:*)"], since: "2026-01-01" });
  expect(body).toBe("Hello\n");
  expect([lineOf("name"), lineOf("tools"), lineOf("since"), lineOf("none")]).toEqual([2, 3, 6, 1]);
});

test("an empty block has no values", async () => {
  expect(await read("---\n---\nBody")).toMatchObject({ values: {}, body: "Body" });
});

test("texts that want quotes are read as they were meant, and it is said", async () => {
  const { values, mended } = await read(
    "---\nname: a\ndescription: Use when: it rains # always\nargument-hint: [file] [line]\n---\n",
  );
  expect(values).toEqual({
    name: "a",
    description: "Use when: it rains # always",
    "argument-hint": "[file] [line]",
  });
  expect(mended).toEqual({ line: expect.any(Number), reason: expect.stringContaining("read as plain text") });
});

test.each([
  ["---\nname: a\n", 1, "does not end"],
  ["---\nname: a\n  bad: [\n---\n", 2, ""],
  ["---\n- one\n- two\n---\n", 2, "names with values"],
  ["---\nname: 'open\n---\n", 2, ""],
])("R15: %j is a fault with its line and reason", async (text, line, reason) => {
  const found = await readFrontmatter(text);
  expect(isFrontmatterFault(found) && found).toMatchObject({ line, reason: expect.stringContaining(reason) });
});

test("a block that would grow without bound is a fault", async () => {
  const lines = ["a: &a [x,x,x,x,x,x,x,x,x]"];
  for (let index = 1; index < 9; index++) {
    const [before, name] = ["abcdefghi"[index - 1], "abcdefghi"[index]];
    lines.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(",")}]`);
  }
  expect(isFrontmatterFault(await readFrontmatter(`---\n${lines.join("\n")}\n---\n`))).toBe(true);
});

test("whatever stands there, it is read or refused and never rejects", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
      const found = await readFrontmatter(`---\n${text}\n---\n`);
      if (!isFrontmatterFault(found)) expect(JSON.parse(JSON.stringify(found.values))).toEqual(found.values);
    }),
    { numRuns: 200 },
  );
});
