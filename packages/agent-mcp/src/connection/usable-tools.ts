import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import { isTooDeep, mostLevels } from "./is-too-deep.ts";
import type { Sdk } from "./load-sdk.ts";
import { withoutNulls } from "./without-nulls.ts";

/** Tools that are left out of one list and told one by one. */
const mostTold = 100;

/** Those of a list that can be called. `isOld`: as the protocol was before 2026-07-28, when outputs were objects. */
export function usableTools(
  tools: readonly JsonValue[],
  isOld: boolean,
  sdk: Sdk,
  complain: (what: string) => void,
): JsonValue[] {
  const names = new Set<string>();
  let left = 0;
  const usable = tools.flatMap((tool) => {
    const found = usableTool(tool, names, isOld, sdk);
    if (typeof found !== "string") return [found];
    left += 1;
    const name = isJsonObject(tool) && typeof tool["name"] === "string" ? tool["name"].slice(0, 64) : "";
    if (left <= mostTold) complain(`the tool ${JSON.stringify(name)} is left out: ${found}`);
    return [];
  });
  if (left > mostTold) complain(`${left - mostTold} more tools are left out`);
  return usable;
}

/** The tool, or why it is none. */
function usableTool(tool: JsonValue, names: Set<string>, isOld: boolean, sdk: Sdk): JsonObject | string {
  if (!isJsonObject(tool)) return "it is no object";
  const { name, inputSchema } = tool;
  if (typeof name !== "string" || name === "") return "it has no name";
  if (names.has(name)) return "there is one of that name";
  if (!isJsonObject(inputSchema)) return "its input has no schema";
  const { type = "object" } = inputSchema;
  if (type !== "object") return "its input is no object";
  if (isTooDeep(tool)) return `it has more than ${mostLevels} levels`;
  const whole = { ...tool, ...plainAnnotations(tool), inputSchema: objectSchema(inputSchema) };
  const wrong = wrongParts(whole, isOld, sdk);
  if (wrong.has("inputSchema")) return "the schema of its input is none";
  names.add(name);
  return Object.fromEntries(Object.entries(whole).filter(([part]) => !wrong.has(part)));
}

/** Some servers leave the obvious out, and write `null` for a list or an object without anything in it. */
function objectSchema(schema: JsonObject): JsonObject {
  return { ...withoutNulls(schema, ["properties", "required"]), type: "object" };
}

/** A hint that is `null` takes the others with it otherwise. */
function plainAnnotations({ annotations }: JsonObject): JsonObject {
  return isJsonObject(annotations) ? { annotations: withoutNulls(annotations) } : {};
}

/** What of a tool is none of the protocol's. All but its name and its input are things that it can do without. */
function wrongParts(tool: JsonObject, isOld: boolean, { specTypeSchemas }: Sdk): ReadonlySet<unknown> {
  const problemsOf = (value: JsonObject): readonly unknown[] =>
    (specTypeSchemas.Tool["~standard"].validate(value).issues ?? []).map(({ path: [part] = [] }) => part);
  const wrong = new Set(problemsOf(tool));
  const { name = null, outputSchema } = tool;
  // The same is said of what an old tool puts out as of what every one takes in.
  const isNone = outputSchema !== undefined && problemsOf({ name, inputSchema: outputSchema }).length > 0;
  return isOld && isNone ? wrong.add("outputSchema") : wrong;
}
