import { isJsonObject, type JsonValue, type Remember } from "@claw/agent-core";

/** Rules that are to be kept, in the public format: the only change of permissions that a hook can make. */
export interface PermissionUpdate {
  readonly type: "addRules";
  readonly rules: readonly { readonly toolName: string; readonly ruleContent?: string }[];
  readonly behavior: "allow";
  /** Whatever file it names, what outlives the session is kept in the user's own settings for the workspace. */
  readonly destination: "session" | "localSettings" | "projectSettings" | "userSettings";
}

/** These rules as an update, as a hook on a question is offered it. */
export function updateOf(rules: readonly string[]): PermissionUpdate {
  return {
    type: "addRules",
    rules: rules.map((rule) => {
      const [, toolName = rule, ruleContent] = /^([^()]+)\((.*)\)$/s.exec(rule) ?? [];
      return { toolName, ...(ruleContent === undefined ? {} : { ruleContent }) };
    }),
    behavior: "allow",
    destination: "localSettings",
  };
}

/** What updates want remembered; where they differ on how long, the shorter counts. */
export function rememberedBy(updates: readonly PermissionUpdate[]): Remember | undefined {
  const rules = updates.flatMap((update) =>
    update.rules.map(({ toolName, ruleContent }) =>
      ruleContent === undefined ? toolName : `${toolName}(${ruleContent})`,
    ),
  );
  if (rules.length === 0) return undefined;
  const isShort = updates.some(({ destination }) => destination === "session");
  return { rules, scope: isShort ? "session" : "always" };
}

/** Whether a value is a list of updates that can be obeyed. One that is not understood might have tightened something. */
export function arePermissionUpdates(value: JsonValue): boolean {
  return Array.isArray(value) && value.every(isUpdate);
}

const destinations: readonly unknown[] = ["session", "localSettings", "projectSettings", "userSettings"];

function isUpdate(value: JsonValue): boolean {
  if (!isJsonObject(value) || value["type"] !== "addRules" || value["behavior"] !== "allow") return false;
  const { rules, destination } = value;
  return destinations.includes(destination) && Array.isArray(rules) && rules.every(isRule);
}

function isRule(value: JsonValue): boolean {
  if (!isJsonObject(value) || typeof value["toolName"] !== "string") return false;
  return value["ruleContent"] === undefined || typeof value["ruleContent"] === "string";
}
