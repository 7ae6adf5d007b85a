// A session is its journal: another process can go on with it.
import { createAgent } from "@claw/agent-sdk";

const first = await createAgent({ provider: "stub" });
await first.run("list files in the current directory").result;
await first.close();

await using again = await createAgent({ provider: "stub", resume: first.session });
console.log(again.messages.length, "messages are known");
console.log((await again.run("list files in the current directory").result).end.reason);
