import type { Fault, Run } from "@claw/agent-core";
import { describe, expect, test } from "vitest";
import { createServerLog } from "../src/mcp/server-log.ts";

/** Of a run, what it tells. */
function listeningRun(): { readonly run: Run; readonly told: readonly string[] } {
  const told: string[] = [];
  const notice = ({ message }: Fault): void => void told.push(message);
  // Nothing else of a run is asked.
  return { run: { notice } as unknown as Run, told };
}

describe("what servers log while nothing runs", () => {
  const entry = (server: string, text: string) => ({ server, level: "info", text });

  test("is told by the next run, once", () => {
    let current: Run | undefined;
    const log = createServerLog(() => current);
    log.hear(entry("a", "one"));
    log.hear(entry("b", "two"));
    const [first, second] = [listeningRun(), listeningRun()];
    log.tellKept();
    current = first.run;
    log.tellKept();
    log.hear(entry("a", "three"));
    current = second.run;
    log.tellKept();
    expect(first.told).toEqual([
      'MCP server "a", info, before this run: one',
      'MCP server "b", info, before this run: two',
      'MCP server "a", info: three',
    ]);
    expect(second.told).toEqual([]);
  });

  test("is bounded: the last 20 of each server, 1,000 characters of one; that there were more is told", () => {
    const { run, told } = listeningRun();
    let current: Run | undefined;
    const log = createServerLog(() => current);
    for (let count = 1; count <= 100_000; count += 1) log.hear(entry("a", `${count} ${"x".repeat(2_000)}`));
    log.hear(entry("b", "quiet"));
    current = run;
    log.tellKept();
    expect(told).toHaveLength(22);
    expect(told[0]).toContain(": 99980 more before these are not shown");
    expect(told[1]).toMatch(/: 99981 x{994}$/);
    expect(told.at(-1)).toContain(": quiet");
  });
});
