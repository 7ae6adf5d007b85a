// Permission by rules and by a person: what nothing allows is asked, and what nobody allows is refused.
import { createAgent } from "@claw/agent-sdk";

await using agent = await createAgent({
  provider: "stub",
  allowedTools: ["Bash(echo *)"],
  disallowedTools: ["WebFetch"],
  ask: async (request) => {
    console.log("asked:", request.tool, request.reason);
    return { type: "deny", by: "user", message: "Please don't." };
  },
});
console.log((await agent.run("run echo allowed by a rule").result).text);
const { end } = await agent.run("write hello to hello.txt").result;
console.log(end.denials.map((denial) => `${denial.tool} was refused by the ${denial.by}`).join());
