// A command that goes on beside the conversation: its end wakes the session, and the model is told of it once.
import { createAgent } from "@claw/agent-sdk";

const stubScript = [
  { toolCalls: [{ name: "Bash", input: { command: "sleep 0.2; echo built", run_in_background: true } }] },
  { text: "The build runs; ask me anything meanwhile." },
  { text: "The build is done." },
]
  .map((reply) => JSON.stringify(reply))
  .join("\n");

await using agent = await createAgent({ provider: "stub", stubScript, permission: "auto" });
const news = new Promise<void>((resolve) => {
  agent.onNews(resolve);
});
console.log((await agent.run("Build it.").result).text);
console.log(agent.tasks.list().map(({ id, status }) => `${id} ${status}`));
await news; // nothing goes on, and a task has ended
console.log((await agent.resume().result).text);
