// A run always ends: by its answer, by a limit, or because it was cancelled.
import { query } from "@claw/agent-sdk";

const endless = Array.from({ length: 9 }, (_, index) => ({
  toolCalls: [{ name: "Glob", input: { pattern: `*.${index}` } }],
}));
const stubScript = endless.map((reply) => JSON.stringify(reply)).join("\n");

const limited = query({ provider: "stub", stubScript, prompt: "go", limits: { maxTurns: 2 } });
console.log((await limited.result).end.reason);

const cancelled = query({ provider: "stub", stubScript, prompt: "go" });
for await (const event of cancelled) if (event.type === "tool-start") break; // leaving the loop cancels
console.log((await cancelled.result).end.reason);
