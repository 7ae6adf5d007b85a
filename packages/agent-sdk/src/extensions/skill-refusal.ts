import { realpath } from "node:fs/promises";
import { isWithin, projectRoot, type SkillRefusal } from "@claw/agent-extensions";
import type { ExtensionSurroundings } from "./instruction-loader.ts";
import { mayImport } from "./may-import.ts";

/**
 * What a rule forbids to read is no skill. Neither is what a workspace takes from outside of the project by a link, unless a rule
 * allows the read: a link counts as what it leads to.
 */
export function skillRefusal({
  cwd,
  permissions,
}: Pick<ExtensionSurroundings, "cwd" | "permissions">): SkillRefusal {
  const root = projectRoot(cwd);
  const { mayShow, policy } = permissions;
  return async ({ file, scope }) => {
    const real = await realpath(file).catch(() => file);
    if (!mayShow(file) || !mayShow(real)) return "a rule forbids to read it";
    if (scope === "user" || isWithin(real, root) || (await mayImport(policy, real, cwd))) return undefined;
    return `it leads out of the project, and no rule allows to read it, such as Read(/${real})`;
  };
}
