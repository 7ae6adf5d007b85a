import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isJsonObject, type JsonObject } from "@claw/agent-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ClawPlace, clawPlace } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
  await mkdir(join(place.workspace, "ws", ".git", "hooks"), { recursive: true });
  await writeFile(join(place.workspace, "ws", "in.txt"), "in");
  await writeFile(join(place.workspace, "out.txt"), "out");
});
afterEach(() => place[Symbol.asyncDispose]());

/** What a run does: each kind of effect once. The network is a port of this computer that nobody listens on. */
const calls = {
  "read inside": { name: "Read", input: { file_path: "in.txt" } },
  "read outside": { name: "Read", input: { file_path: "../out.txt" } },
  "write inside": { name: "Write", input: { file_path: "new.txt", content: "x" } },
  "write protected": { name: "Write", input: { file_path: ".git/hooks/pre-commit", content: "x" } },
  "harmless shell": { name: "Bash", input: { command: "ls" } },
  "writing shell": { name: "Bash", input: { command: "touch made" } },
  "network by shell": { name: "Bash", input: { command: "curl -s http://127.0.0.1:9/" } },
  "denied shell": { name: "Bash", input: { command: "true && r''m x" } },
} as const;

/** What `claw policy explain` decides of what would reach the network, or a server that is not there. */
const explained = { "network by tool": "WebFetch(https://example.org/)", mcp: "mcp__server__tool" } as const;

type Kind = keyof typeof calls | keyof typeof explained;

/** `ask`: nobody is there to be asked, so it is refused with that reason. */
type Said = "allow" | "ask" | "deny";

const asks: Readonly<Record<Kind, Said>> = {
  "read inside": "allow",
  "read outside": "ask",
  "write inside": "ask",
  "write protected": "ask",
  "harmless shell": "allow",
  "writing shell": "ask",
  "network by shell": "ask",
  "network by tool": "ask",
  mcp: "ask",
  "denied shell": "deny",
};

const allows: Readonly<Record<Kind, Said>> = {
  "read inside": "allow",
  "read outside": "allow",
  "write inside": "allow",
  "write protected": "ask",
  "harmless shell": "allow",
  "writing shell": "allow",
  "network by shell": "allow",
  "network by tool": "allow",
  mcp: "allow",
  "denied shell": "deny",
};

const refuses: Readonly<Record<Kind, Said>> = {
  "read inside": "allow",
  "read outside": "deny",
  "write inside": "deny",
  "write protected": "deny",
  "harmless shell": "allow",
  "writing shell": "deny",
  "network by shell": "deny",
  "network by tool": "deny",
  mcp: "deny",
  "denied shell": "deny",
};

const table: readonly (readonly [string, Readonly<Record<Kind, Said>>])[] = [
  ["--permission interactive", asks],
  ["--permission-mode default", asks],
  ["--permission-mode acceptEdits", { ...asks, "write inside": "allow" }],
  // What only reads is asked about where it would be asked about otherwise.
  ["--permission-mode plan", { ...refuses, "read outside": "ask", "network by tool": "ask" }],
  ["--permission-mode dontAsk", refuses],
  ["--permission deny", refuses],
  ["--permission auto", allows],
  ["--permission-mode bypassPermissions", allows],
];

test.each(table)(
  "formats 2.3.8: %s decides about each kind of effect as documented",
  async (flag, expected) => {
    const flags = [...flag.split(" "), "--disallowed-tools", "Bash(rm:*)"];
    const cwd = join(place.workspace, "ws");
    const script = await place.script({ toolCalls: Object.values(calls) }, { text: "done" });
    const { stdout, stderr } = await place.run(
      ["-q", "go", "--output-format", "stream-json", ...flags, ...script],
      { cwd },
    );
    const decisions = eventsIn(stdout).filter(({ type }) => type === "permission-decision");
    expect(decisions, stderr).toHaveLength(Object.keys(calls).length);
    const said = Object.fromEntries(
      Object.keys(calls).map((kind, i) => [
        kind,
        saidBy(decisions[i]?.["decision"], decisions[i]?.["reason"]),
      ]),
    );
    for (const [kind, call] of Object.entries(explained)) {
      const { stdout } = await place.run(["policy", "explain", call, ...flags], { cwd });
      said[kind] = saidBy(/^\w+/.exec(stdout)?.[0], stdout);
    }
    expect(said).toEqual(expected);
    // What was decided is what happened.
    expect(existsSync(join(cwd, "new.txt"))).toBe(expected["write inside"] === "allow");
    expect(existsSync(join(cwd, "made"))).toBe(expected["writing shell"] === "allow");
    expect(existsSync(join(cwd, ".git/hooks/pre-commit"))).toBe(false);
  },
);

function eventsIn(stdout: string): readonly JsonObject[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))
    .filter(isJsonObject);
}

function saidBy(decision: unknown, reason: unknown): Said {
  if (decision === "allow" || decision === "ask") return decision;
  return String(reason).includes("Nobody can be asked") ? "ask" : "deny";
}
