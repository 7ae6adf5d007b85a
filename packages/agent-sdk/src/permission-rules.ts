import { type Fault, FaultError } from "@claw/agent-core";
import { managedRulesOnlySection, permissionsSection, type Settings } from "@claw/agent-extensions";
import { addRules, type RuleBehavior, type RuleBook, type UnusableRule } from "@claw/agent-permissions";
import type { PermissionOptions } from "./agent-options.ts";

/**
 * Puts the rules of the options and of all layers into the book: of what is not trusted only those that tighten. Gives
 * back those that cannot be used. Rejects with the fault of a rule that was given and is wrong.
 */
export function gatherRules(
  book: RuleBook,
  { options, settings, cwd, warn }: RuleSurroundings,
): readonly UnusableRule[] {
  const isManagedOnly = onlyManagedAllow(settings);
  const given: readonly [RuleBehavior, readonly string[] | undefined, string][] = [
    ["allow", options.allowedTools, "--allowed-tools"],
    ["deny", options.disallowedTools, "--disallowed-tools"],
  ];
  for (const [behavior, texts = [], name] of given) {
    if (behavior === "allow" && isManagedOnly && texts.length > 0) warn(notManaged(name));
    for (const { fault } of addRules(
      book,
      { [behavior]: mayAllow(behavior, isManagedOnly, texts) },
      { name, root: cwd },
    )) {
      throw new FaultError(fault);
    }
  }
  return settings.entries(permissionsSection).flatMap(({ layer, value: { allow, ask, deny } }) => {
    const mayLoosen = layer.trusted && (!isManagedOnly || layer.scope === "managed");
    if (isManagedOnly && !mayLoosen && layer.trusted && allow.length > 0) warn(notManaged(layer.file));
    const source = { name: layer.name, root: layer.root };
    const unusable = addRules(book, { allow: mayLoosen ? allow : [], ask, deny }, source);
    for (const { fault } of unusable) warn({ ...fault, message: `${layer.file}: ${fault.message}` });
    return unusable;
  });
}

export interface RuleSurroundings {
  readonly options: PermissionOptions;
  readonly settings: Settings;
  readonly cwd: string;
  readonly warn: (fault: Fault) => void;
}

/** Whether whoever runs the computer keeps to themselves what may be allowed. */
export function onlyManagedAllow(settings: Settings): boolean {
  return settings.get(managedRulesOnlySection) === true;
}

function mayAllow(
  behavior: RuleBehavior,
  isManagedOnly: boolean,
  texts: readonly string[],
): readonly string[] {
  return behavior === "allow" && isManagedOnly ? [] : texts;
}

function notManaged(where: string): Fault {
  return {
    code: "settings-managed-only",
    message: `The allow rules of ${where} do not count: only managed settings may allow something on this computer.`,
  };
}
