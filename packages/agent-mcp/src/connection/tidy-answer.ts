import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";

/** Levels of objects and lists in what a server sends; what is deeper breaks those that walk through it. */
const mostLevels = 100;

/**
 * Takes out of an answer what is not as the protocol has it, so that one tool of a list or one part of a result does not cost the
 * others: the SDK refuses an answer as a whole. `complain` is told what was taken out. Changes the message, which is nobody else's yet.
 */
export function tidyAnswer(message: object, complain: (what: string) => void): void {
  if (!("result" in message)) return;
  // It was read from JSON.
  const result = message.result as JsonValue;
  if (!isJsonObject(result)) return;
  const { tools, content, structuredContent } = result;
  const changed: Record<string, JsonValue> = {};
  if (Array.isArray(tools)) changed["tools"] = usableTools(tools, complain);
  const blocks = Array.isArray(content) ? content.map(usableBlock) : undefined;
  if (structuredContent !== undefined && isTooDeep(structuredContent)) {
    delete (result as Record<string, JsonValue>)["structuredContent"];
    const words = `[The structured output is left out: it has more than ${mostLevels} levels.]`;
    changed["content"] = [...(blocks ?? []), { type: "text", text: words }];
  } else if (blocks !== undefined) changed["content"] = blocks;
  Object.assign(result, changed);
}

function usableTools(tools: readonly JsonValue[], complain: (what: string) => void): JsonValue[] {
  const names = new Set<string>();
  return tools.flatMap((tool) => {
    const why = isJsonObject(tool) ? problemOf(tool, names) : "it is no object";
    if (why === undefined) return [isJsonObject(tool) ? usableTool(tool) : tool];
    const name = isJsonObject(tool) && typeof tool["name"] === "string" ? tool["name"].slice(0, 64) : "";
    complain(`the tool ${JSON.stringify(name)} is left out: ${why}`);
    return [];
  });
}

function problemOf(tool: JsonObject, names: Set<string>): string | undefined {
  const { name, inputSchema } = tool;
  if (typeof name !== "string" || name === "") return "it has no name";
  if (names.has(name)) return "there is one of that name";
  if (!isJsonObject(inputSchema)) return "its input has no schema";
  if (inputSchema["type"] !== undefined && inputSchema["type"] !== "object") return "its input is no object";
  if (isTooDeep(tool)) return `it has more than ${mostLevels} levels`;
  names.add(name);
  return undefined;
}

/** Some servers leave the obvious out; what a tool can do without is left out where it is none of the protocol's. */
function usableTool({ outputSchema, description, annotations, ...tool }: JsonObject): JsonObject {
  return {
    ...tool,
    inputSchema: { ...(isJsonObject(tool["inputSchema"]) ? tool["inputSchema"] : {}), type: "object" },
    ...(isJsonObject(outputSchema) ? { outputSchema } : {}),
    ...(typeof description === "string" ? { description } : {}),
    ...(isJsonObject(annotations) ? { annotations } : {}),
  };
}

const knownBlocks: readonly JsonValue[] = ["text", "image", "audio", "resource", "resource_link"];

/** What cannot be shown is named in its place. */
function usableBlock(block: JsonValue): JsonValue {
  if (!isJsonObject(block)) return { type: "text", text: "[A part that is no object is left out.]" };
  const { type = null, data } = block;
  if (!knownBlocks.includes(type)) {
    const kind = JSON.stringify(typeof type === "string" ? type.slice(0, 64) : null);
    return { type: "text", text: `[A part of the kind ${kind} is left out: it is not known here.]` };
  }
  if ((type === "image" || type === "audio") && (typeof data !== "string" || !isBase64(data)))
    return { type: "text", text: `[The ${type} is left out: it is not base64.]` };
  return block;
}

function isBase64(data: string): boolean {
  return !/[^A-Za-z0-9+/=\s]/.test(data);
}

/** Without recursion, which is what deep values break. */
function isTooDeep(value: JsonValue): boolean {
  let level: JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > mostLevels) return true;
    level = level.flatMap((each) =>
      Array.isArray(each) ? each : isJsonObject(each) ? Object.values(each) : [],
    );
  }
  return false;
}
