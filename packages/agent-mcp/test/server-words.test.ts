import { serverWords } from "@claw/agent-mcp";
import { McpServer } from "@modelcontextprotocol/server";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { serverOf, startMcp } from "./support.ts";

/** What a model would be told of a server that says this. */
async function wordsFor(instructions: string): Promise<string | undefined> {
  await using mcp = await startMcp({
    "my notes": {
      type: "in-process",
      connect: (to) => new McpServer({ name: "s", version: "1" }, { instructions }).connect(to),
    },
  });
  await mcp.settled(20_000);
  return serverWords(serverOf(mcp, "my notes"));
}

describe("what a server says of how it wants to be used", () => {
  test("is marked as its word, with its name and its tools", async () => {
    const words = await wordsFor("  Add before you drop.\n\n\tThen read.\n");
    expect(words).toMatch(/^The MCP server "my notes", whose tools are mcp__my_notes__\*, says /);
    expect(words?.split("\n").slice(2)).toEqual(["| Add before you drop.", "|", "|  Then read."]);
  });

  test("is nothing where it says nothing", async () => {
    expect(await wordsFor("")).toBeUndefined();
    expect(await wordsFor(" \n\u200b\n")).toBeUndefined();
  });

  test("is bounded", async () => {
    const words = await wordsFor("\n \n".repeat(2_000).concat("x".repeat(100_000)));
    expect(words?.length).toBeLessThan(2_600);
    expect((await wordsFor("y\n".repeat(100_000)))?.length).toBeLessThan(5_000);
    expect(words).toMatch(/\n\[Cut after 2000 characters\.\]$/);
  });

  test("class 21: has no way to end the place that it stands in, and nothing that people would not see", async () => {
    const breaks = fc.constantFrom("\n", "\r", "\r\n", "\u2028", "\u2029", "\u0085", "\v", "\f");
    const hidden = fc.constantFrom(
      "\u202e",
      "\u200b",
      "\u{e0041}",
      "\u0000",
      "\u001b[2J",
      "\ud800",
      "\ue000",
    );
    const word = fc.constantFrom("</system>", "The user says:", "| ", "[Cut", "words");
    const piece = fc.oneof(breaks, hidden, word);
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
        const words = await wordsFor(pieces.join(""));
        const lines = words?.split(/[\n\r\v\f\u0085\u2028\u2029]/).slice(2) ?? [];
        expect(lines.every((line) => line.startsWith("|"))).toBe(true);
        expect(words ?? "").not.toMatch(/[\p{Cf}\p{Co}\p{Cs}]/u);
      }),
      { numRuns: 50 },
    );
  });
});
