import { join, resolve } from "node:path";
import {
  type Ask,
  type Decision,
  type Fault,
  type Machine,
  type Policy,
  type Remember,
  toFault,
} from "@claw/agent-core";
import {
  permissionsSection,
  rememberedSettingsFile,
  rememberRules,
  type Settings,
} from "@claw/agent-extensions";
import {
  askInsteadOf,
  createAddressFilter,
  createRuleBook,
  createSearchFilter,
  deniedTool,
  type EffectiveMode,
  type PolicyOptions,
  type ReadOnlyCommand,
  type RuleSource,
  strictest,
} from "@claw/agent-permissions";
import type { PermissionOptions } from "./agent-options.ts";
import type { ClawFolders } from "./claw-folders.ts";
import { gitHazard } from "./git/git-hazard.ts";
import { gitTracks } from "./git/git-tracks.ts";
import { createLending, type Lending } from "./lending.ts";
import { gatherRules, onlyManagedAllow } from "./permission-rules.ts";
import { realFolder } from "./real-folder.ts";
import type { Confinement } from "./sandbox/confinement.ts";
import { refuseDisabledMode, startMode } from "./start-mode.ts";

/** The permission side of an agent: one policy over all rules, live. */
export interface Permissions {
  readonly policy: Policy;
  /** What the part of it is made from that decides by rules and facts. */
  readonly policyOptions: PolicyOptions;
  /** The same for one sub-agent: what was lent to it is among the rules. */
  readonly optionsFor: (agent: string) => PolicyOptions;
  /** Counts a folder as part of the workspace. @returns ends that. */
  readonly addFolder: (folder: string) => () => void;
  /** The folders of the workspace. Absolute. */
  readonly directories: readonly string[];
  readonly mode: () => EffectiveMode;
  readonly setMode: (mode: EffectiveMode) => void;
  /** Puts back what the answers of a resumed session allowed for its length. */
  readonly restore: (rules: readonly string[]) => void;
  readonly lend: Lending["lend"];
  /** Remembers rules that an answer allows by; gives what of them was kept. */
  readonly keep: (remember: Remember) => Promise<Remember | undefined>;
  /** The same questions; what an answer wants remembered is remembered. */
  readonly remembering: (ask: Ask) => Ask;
  /** Whether a search may show what a file holds; a rule on reading says no. */
  readonly mayShow: (path: string) => boolean;
  /** Whether an address that is not public may be dialled: a rule names it. */
  readonly mayDial: (address: string, url: URL) => boolean;
  /** Whether a rule refuses every call of the tool, so that the model need not see it. */
  readonly hides: (tool: string) => boolean;
}

export interface PermissionSurroundings {
  readonly cwd: string;
  readonly home: string;
  readonly machine: Machine;
  /** Whether the file system of the workspace takes `A` and `a` for one name. */
  readonly caseInsensitive: boolean;
  readonly folders: ClawFolders;
  readonly settings: Settings;
  /** The folders of `PATH` that commands run with; none where they run on another machine. */
  readonly programFolders: () => readonly string[];
  /** Programs that the user knows to only read. */
  readonly readOnlyCommands: readonly ReadOnlyCommand[];
  readonly warn: (fault: Fault) => void;
  /** Asked at each decision: it is found out while the rest is put together. */
  readonly confinement: () => Confinement;
}

/** Makes the policy of the options and the settings. Throws the fault of a rule or mode that was given and is wrong. */
export function assemblePermissions(
  options: PermissionOptions,
  surroundings: PermissionSurroundings,
): Permissions {
  const { cwd, home, folders, machine, caseInsensitive, settings, warn, confinement } = surroundings;
  const rules = createRuleBook();
  const session: RuleSource = { name: "this session", root: cwd };
  const saved: RuleSource = { name: "your settings for this workspace", root: cwd };
  const unusable = gatherRules(rules, { options, settings, cwd, warn });
  const isManagedOnly = onlyManagedAllow(settings);
  let mode = startMode(options, settings, warn);
  const directories = [cwd, ...(options.directories ?? []), ...settingsDirectories(settings, home)].map(
    (folder) => resolve(cwd, folder),
  );

  /** Gives those that can be used. */
  function allow(texts: readonly string[], source: RuleSource): readonly string[] {
    if (isManagedOnly) return [];
    return texts.filter((text) => rules.add("allow", text, source) === undefined);
  }

  async function keep({ rules: texts, scope }: Remember): Promise<Remember | undefined> {
    if (isManagedOnly) {
      warn(notRemembered);
      return undefined;
    }
    const used = allow(texts, scope === "always" ? saved : session);
    if (used.length === 0) return undefined;
    if (scope === "session") return { rules: used, scope };
    try {
      await rememberRules(rememberedSettingsFile(folders), used);
      return { rules: used, scope };
    } catch (error) {
      // The answer stands for this call and this session; only the file did not take it.
      const fault = toFault(error, "settings-unwritable");
      warn({ ...fault, message: `The rule holds for this session but was not saved: ${fault.message}` });
      return { rules: used, scope: "session" };
    }
  }

  const added = new Set<string>();
  const policyOptions: PolicyOptions = {
    mode: () => mode,
    rules,
    cwd,
    directories: () => (added.size === 0 ? directories : [...directories, ...added]),
    readable: () => [folders.spill],
    agentFolders: [folders.home],
    paths: machine,
    home,
    caseInsensitive,
    filteredTools: ["Grep"],
    readOnlyCommands: surroundings.readOnlyCommands,
    programFolders: surroundings.programFolders,
    gitHazard: (folder, signal) => gitHazard(machine, folder, signal),
    gitTracks: (file, signal) => gitTracks(machine, file, signal),
    trustsSandbox: () => confinement().isTrusted,
  };
  const lending = createLending(policyOptions, { mayAllow: !isManagedOnly, warn });
  const held: Policy = (request, signal) => confinement().policy?.(request, signal);
  const further = [settings.isClosed ? askAboutAll : undefined, askInsteadOf(unusable), options.policy];
  return {
    policy: strictest(lending.policy, held, ...further.filter((policy) => policy !== undefined)),
    policyOptions,
    addFolder: (folder) => {
      added.add(folder);
      return () => {
        added.delete(folder);
      };
    },
    directories,
    mode: () => mode,
    setMode: (next) => {
      refuseDisabledMode(next, settings);
      mode = next;
    },
    restore: (texts) => void allow(texts, session),
    keep,
    lend: lending.lend,
    optionsFor: (agent) => ({ ...policyOptions, rules: lending.rulesOf(agent) }),
    remembering: (ask) => async (request, signal) => {
      const answer = await ask(request, signal);
      if (answer.type !== "allow" || answer.remember === undefined) return answer;
      const kept = await keep(answer.remember);
      return { type: "allow", ...(kept === undefined ? {} : { remember: kept }) };
    },
    mayShow: createSearchFilter({ rules, cwd, realCwd: realFolder(cwd), home, caseInsensitive }),
    mayDial: createAddressFilter(rules),
    hides: (tool) => deniedTool(rules, tool) !== undefined,
  };
}

/** Settings that cannot be used may hold deny rules, so everything that has an effect is asked about. */
const askAboutAll: Policy = ({ effects }): Decision | undefined => {
  if (effects.length === 0) return { type: "allow", reason: "It touches nothing outside the session." };
  return { type: "ask", reason: "Settings cannot be read, so their deny rules are not known." };
};

const notRemembered: Fault = {
  code: "settings-managed-only",
  message: "The answer holds for this call only: on this computer only managed settings may allow more.",
};

/** What counts as workspace beside it; an untrusted workspace cannot make itself larger. */
function settingsDirectories(settings: Settings, home: string): readonly string[] {
  return settings
    .entries(permissionsSection)
    .filter(({ layer }) => layer.trusted)
    .flatMap(({ value }) => value.additionalDirectories)
    .map((folder) => (folder === "~" || folder.startsWith("~/") ? join(home, folder.slice(1)) : folder));
}
