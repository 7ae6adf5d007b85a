import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import { isTooDeep, mostLevels } from "./is-too-deep.ts";
import type { Sdk } from "./load-sdk.ts";
import { usableBlock } from "./usable-block.ts";
import { usableTools } from "./usable-tools.ts";
import { withoutNulls } from "./without-nulls.ts";

/** What may be left out of a result. */
const optional = ["isError", "nextCursor", "structuredContent"];

/**
 * Takes out of an answer what is not as the protocol has it, so that one tool of a list or one part of a result does not cost the
 * others: the SDK refuses an answer as a whole. `complain` is told what was taken out. The message gets a result of its own: that of
 * a server in this process may be one that it keeps.
 */
export function tidyAnswer(message: object, sdk: Sdk, complain: (what: string) => void): void {
  if (!("result" in message)) return;
  // It was read from JSON.
  const result = message.result as JsonValue;
  if (!isJsonObject(result)) return;
  message.result = tidyResult(result, sdk, complain);
}

function tidyResult(given: JsonObject, sdk: Sdk, complain: (what: string) => void): JsonObject {
  const result: Record<string, JsonValue> = { ...withoutNulls(given, optional) };
  const { tools, content, structuredContent } = result;
  if (Array.isArray(tools)) result["tools"] = usableTools(tools, isOldResult(given), sdk, complain);
  const blocks = Array.isArray(content) ? content.map((block) => usableBlock(block, sdk)) : undefined;
  if (blocks !== undefined) result["content"] = blocks;
  if (structuredContent !== undefined && isTooDeep(structuredContent)) {
    delete result["structuredContent"];
    const words = `[The structured output is left out: it has more than ${mostLevels} levels.]`;
    result["content"] = [...(blocks ?? []), { type: "text", text: words }];
  }
  return result;
}

/** Results say of which type they are since 2026-07-28. */
function isOldResult({ resultType }: JsonObject): boolean {
  return resultType === undefined;
}
