// A tool of your own. It says what it will do to the world (here: nothing) before it does it.
import { createAgent, defineTool, jsonSchema } from "@claw/agent-sdk";

const weather = defineTool({
  name: "Weather",
  description: "The weather in a city.",
  input: jsonSchema<{ city: string }>({
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  }),
  effects: () => [],
  run: ({ city }) => `It is sunny in ${city}.`,
});

const script = [
  { toolCalls: [{ name: "Weather", input: { city: "Lisbon" } }] },
  { text: "Sunny, take a hat." },
];
await using agent = await createAgent({
  preset: "minimal",
  tools: [weather],
  provider: "stub",
  stubScript: script.map((reply) => JSON.stringify(reply)).join("\n"),
});
console.log((await agent.run("What is the weather in Lisbon?").result).text);
