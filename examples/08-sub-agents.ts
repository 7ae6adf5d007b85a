// Two agents side by side, each with its own context and fewer tools; then a message to one that has ended.
import { createAgent } from "@claw/agent-sdk";

const look = (prompt: string) => ({
  name: "Agent",
  input: { description: "look", prompt, subagent_type: "Explore" },
});
const stubScript = [
  { toolCalls: [look("What is in README.md?"), look("Which tests are there?")] },
  { text: "An answer." },
  { text: "Another answer." },
  { text: "Both have answered." },
]
  .map((reply) => JSON.stringify(reply))
  .join("\n");

await using agent = await createAgent({ provider: "stub", stubScript });
for await (const event of agent.run("Look around.")) {
  if (event.type === "run-start") console.log(event.agent?.id ?? "the conversation", "begins");
  if (event.type === "run-end") console.log(event.reason, event.turns, "turns");
}
console.log(agent.agents.map(({ name, from }) => `${name} (${from})`));
