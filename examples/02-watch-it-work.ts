// The same, watched: a run is an async iterable of typed events.
import { query } from "@claw/agent-sdk";

const run = query({ provider: "stub", prompt: "list files in the current directory" });
for await (const event of run) {
  if (event.type === "tool-start") console.log("calls", event.tool, JSON.stringify(event.input));
  if (event.type === "tool-end") console.log("ended", event.outcome.status);
}
console.log((await run.result).end.reason);
