import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import { arePermissionUpdates, type PermissionUpdate } from "./permission-update.ts";

/** What a hook says, in the names of the public format. What stands in it besides is left alone. */
export interface HookOutput {
  /** False: the run ends. */
  readonly continue?: boolean;
  readonly stopReason?: string;
  /** Shown to people. */
  readonly systemMessage?: string;
  /** `block` refuses: a prompt, an end, a compaction, a call; after a tool the reason is said to the model. */
  readonly decision?: "block" | "approve";
  readonly reason?: string;
  readonly hookSpecificOutput?: SpecificOutput;
}

export interface SpecificOutput {
  readonly hookEventName?: string;
  /** PreToolUse. `allow` answers the question of nobody's rule, and no other. */
  readonly permissionDecision?: "allow" | "deny" | "ask" | "defer";
  readonly permissionDecisionReason?: string;
  /** PreToolUse: what is to run instead; it is judged again. */
  readonly updatedInput?: JsonObject;
  /** Said to the model. */
  readonly additionalContext?: string;
  /** PostToolUse: what the model reads in place of the result. */
  readonly updatedToolOutput?: JsonValue;
  /** PermissionRequest. */
  readonly decision?: {
    readonly behavior: "allow" | "deny";
    readonly message?: string;
    /** With `deny`: the run ends. */
    readonly interrupt?: boolean;
    /** With `allow`: what is to run instead; the call is looked at by every guard, and judged, once more. */
    readonly updatedInput?: JsonObject;
    /** With `allow`, where that counts: rules to keep. */
    readonly updatedPermissions?: readonly PermissionUpdate[];
  };
}

/** Whether a value from outside can be obeyed; if not, why not. */
export function hookOutputProblem(value: JsonValue): string | undefined {
  if (!isJsonObject(value)) return "it is no JSON object";
  const specific = value["hookSpecificOutput"];
  const misplaced = ["permissionDecision", "updatedInput"].find((name) => value[name] !== undefined);
  if (misplaced !== undefined) return `"${misplaced}" belongs into hookSpecificOutput`;
  return (
    wrongField(value, outputFields) ??
    (specific === undefined
      ? undefined
      : isJsonObject(specific)
        ? wrongSpecific(specific)
        : wrong("hookSpecificOutput"))
  );
}

function wrongSpecific(specific: JsonObject): string | undefined {
  const { decision } = specific;
  const inner =
    decision === undefined
      ? undefined
      : isJsonObject(decision)
        ? wrongField(decision, decisionFields)
        : wrong("hookSpecificOutput.decision");
  return wrongField(specific, specificFields) ?? inner;
}

type Check = (value: JsonValue) => boolean;

const isText: Check = (value) => typeof value === "string";
const isFlag: Check = (value) => typeof value === "boolean";
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && words.includes(value);

const outputFields: Readonly<Record<string, Check>> = {
  continue: isFlag,
  stopReason: isText,
  systemMessage: isText,
  decision: oneOf("block", "approve"),
  reason: isText,
};
const specificFields: Readonly<Record<string, Check>> = {
  permissionDecision: oneOf("allow", "deny", "ask", "defer"),
  permissionDecisionReason: isText,
  updatedInput: isJsonObject,
  additionalContext: isText,
};
const decisionFields: Readonly<Record<string, Check>> = {
  behavior: oneOf("allow", "deny"),
  message: isText,
  interrupt: isFlag,
  updatedInput: isJsonObject,
  updatedPermissions: arePermissionUpdates,
};

function wrongField(object: JsonObject, checks: Readonly<Record<string, Check>>): string | undefined {
  const found = Object.entries(checks).find(([name, check]) => {
    const value = object[name];
    return value !== undefined && !check(value);
  });
  return found === undefined ? undefined : wrong(found[0]);
}

function wrong(name: string): string {
  return `"${name}" has a value that it cannot have`;
}
