import { currentToolName } from "./old-tool-names.ts";
import type { RuleBehavior } from "./rule.ts";
import { wildcardMatches } from "./wildcard.ts";

/**
 * Whether a rule on a bare tool name is about this tool. `Edit` also names the other tools that change files, `Read`
 * the other readers, `mcp__server` all tools of that server. A deny or ask rule on `Agent` is also about `SendMessage`,
 * which lets one go on. Only a deny or ask rule may match by `*` anywhere.
 */
export function toolNameMatches(rule: string, tool: string, behavior: RuleBehavior): boolean {
  if (rule === tool || currentToolName(rule) === currentToolName(tool)) return true;
  if (familyOf(currentToolName(tool)) === currentToolName(rule)) return true;
  if (behavior !== "allow" && tool === "SendMessage" && currentToolName(rule) === "Agent") return true;
  if (/^mcp__[^*]+$/.test(rule))
    return !rule.slice("mcp__".length).includes("__") && tool.startsWith(`${rule}__`);
  if (!rule.includes("*")) return false;
  return (behavior !== "allow" || rule.startsWith("mcp__")) && wildcardMatches(rule, tool);
}

/** The tool whose rules decide the paths of this one, where that is another tool. */
export function familyOf(tool: string): "Edit" | "Read" | undefined {
  return family.get(tool);
}

const family: ReadonlyMap<string, "Edit" | "Read"> = new Map([
  ["Write", "Edit"],
  ["MultiEdit", "Edit"],
  ["NotebookEdit", "Edit"],
  ["Glob", "Read"],
  ["Grep", "Read"],
  ["LS", "Read"],
]);
