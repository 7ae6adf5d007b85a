import { toolboxLaws } from "@claw/agent-core/testing";
import { createToolbox, defineTool, jsonSchema } from "@claw/agent-tools";
import { test } from "vitest";

const Echo = defineTool({
  name: "Echo",
  description: "Says it again.",
  input: jsonSchema<{ words: string }>({
    type: "object",
    properties: { words: { type: "string" } },
    required: ["words"],
  }),
  effects: () => [],
  run: ({ words }) => words,
});

const laws = toolboxLaws(() => createToolbox({ tools: [Echo], cwd: "/work" }), {
  name: "Echo",
  input: { words: "hello" },
});
for (const law of laws) test(law.name, law.check);
