import { isAbsolute, resolve } from "node:path";
import {
  type Ask,
  type Decision,
  type Fault,
  FaultError,
  type Machine,
  type Policy,
  type Remember,
  toFault,
} from "@claw/agent-core";
import {
  loadSettings,
  rememberedSettingsFile,
  rememberRules,
  type SettingsLayer,
} from "@claw/agent-extensions";
import {
  createAddressFilter,
  createPolicy,
  createRuleBook,
  createSearchFilter,
  deniedTool,
  type EffectiveMode,
  modeOfLevel,
  parsePermissionMode,
  permissionModes,
  type RuleSource,
  strictest,
} from "@claw/agent-permissions";
import type { PermissionOptions } from "./agent-options.ts";
import type { ClawFolders } from "./claw-folders.ts";
import { gitHazard } from "./git-hazard.ts";
import type { Confinement } from "./sandbox/confinement.ts";

/** The permission side of an agent: one policy over all rules, live. */
export interface Permissions {
  readonly policy: Policy;
  /** The folders of the workspace. Absolute. */
  readonly directories: readonly string[];
  readonly mode: () => EffectiveMode;
  readonly setMode: (mode: EffectiveMode) => void;
  /** Puts back what the answers of a resumed session allowed for its length. */
  readonly restore: (rules: readonly string[]) => void;
  /** The same questions; what an answer wants remembered is remembered. */
  readonly remembering: (ask: Ask) => Ask;
  /** Whether a search may show what a file holds; a rule on reading says no. */
  readonly mayShow: (path: string) => boolean;
  /** Whether an address that is not public may be dialled: a rule names it. */
  readonly mayDial: (address: string, url: URL) => boolean;
  /** Whether a rule refuses every call of the tool, so that the model need not see it. */
  readonly hides: (tool: string) => boolean;
  /** What the user's settings say about the model. */
  readonly settings: { readonly provider?: string; readonly model?: string };
}

export interface PermissionSurroundings {
  readonly cwd: string;
  readonly home: string;
  readonly machine: Machine;
  readonly folders: ClawFolders;
  readonly warn: (fault: Fault) => void;
  /** Asked at each decision: it is found out while the rest is put together. */
  readonly confinement: () => Confinement;
}

/** Reads the settings and makes the policy. Rejects with the fault of a rule or mode that was given and is wrong. */
export async function assemblePermissions(
  options: PermissionOptions,
  surroundings: PermissionSurroundings,
): Promise<Permissions> {
  const { cwd, home, folders, machine, warn, confinement } = surroundings;
  const places = { home: folders.home, project: folders.project, cwd };
  const layers = await loadSettings(places);
  const rules = createRuleBook();
  const session: RuleSource = { name: "this session", root: cwd };
  const saved: RuleSource = { name: "your settings for this workspace", root: cwd };
  addGiven("allow", options.allowedTools, { name: "--allowed-tools", root: cwd });
  addGiven("deny", options.disallowedTools, { name: "--disallowed-tools", root: cwd });
  for (const layer of layers) addLayer(layer);
  let mode = startMode(options, layers, warn);
  const directories = [cwd, ...(options.directories ?? []), ...layers.flatMap(directoriesOf)].map((folder) =>
    isAbsolute(folder) ? folder : resolve(cwd, folder),
  );

  function addGiven(
    behavior: "allow" | "deny",
    texts: readonly string[] | undefined,
    source: RuleSource,
  ): void {
    for (const text of texts ?? []) {
      const fault = rules.add(behavior, text, source);
      if (fault) throw new FaultError(fault);
    }
  }

  function addLayer(layer: SettingsLayer): void {
    if (layer.content.type === "unreadable") warn(layer.content.fault);
    if (layer.content.type !== "read") return;
    const { permissions } = layer.content.settings;
    const source = { name: layer.name, root: layer.root };
    const behaviors = layer.trusted ? (["deny", "ask", "allow"] as const) : (["deny", "ask"] as const);
    for (const behavior of behaviors) {
      for (const text of permissions[behavior]) {
        const fault = rules.add(behavior, text, source);
        if (fault) warn({ ...fault, message: `${layer.file}: ${fault.message}` });
      }
    }
  }

  async function remember({ rules: texts, scope }: Remember): Promise<void> {
    for (const text of texts) rules.add("allow", text, scope === "always" ? saved : session);
    if (scope === "always") await rememberRules(rememberedSettingsFile(places), texts);
  }

  const decide = createPolicy({
    mode: () => mode,
    rules,
    cwd,
    directories: () => directories,
    readable: () => [folders.spill],
    paths: machine,
    home,
    filteredTools: ["Grep"],
    gitHazard: (folder, signal) => gitHazard(machine, folder, signal),
    trustsSandbox: () => confinement().isTrusted,
  });
  const held: Policy = (request, signal) => confinement().policy?.(request, signal);
  const closed = layers.some((layer) => layer.content.type === "unreadable") ? [askAboutAll] : [];
  const own = options.policy === undefined ? [] : [options.policy];
  return {
    policy: strictest(decide, held, ...closed, ...own),
    directories,
    mode: () => mode,
    setMode: (next) => {
      mode = next;
    },
    restore: (texts) => {
      for (const text of texts) rules.add("allow", text, session);
    },
    remembering: (ask) => async (request, signal) => {
      const answer = await ask(request, signal);
      if (answer.type !== "allow" || answer.remember === undefined) return answer;
      try {
        await remember(answer.remember);
        return answer;
      } catch (error) {
        // The answer stands for this call and this session; only the file did not take it.
        const fault = toFault(error, "settings-unwritable");
        warn({ ...fault, message: `The rule holds for this session but was not saved: ${fault.message}` });
        return { type: "allow", remember: { ...answer.remember, scope: "session" } };
      }
    },
    mayShow: createSearchFilter({ rules, cwd, home }),
    mayDial: createAddressFilter(rules),
    hides: (tool) => deniedTool(rules, tool) !== undefined,
    settings: modelSettings(layers),
  };
}

/** An unreadable layer may hold deny rules, so everything that has an effect is asked about. */
const askAboutAll: Policy = ({ effects }): Decision | undefined => {
  if (effects.length === 0) return { type: "allow", reason: "It touches nothing outside the session." };
  return { type: "ask", reason: "A settings file cannot be read, so its deny rules are not known." };
};

function startMode(
  options: PermissionOptions,
  layers: readonly SettingsLayer[],
  warn: (fault: Fault) => void,
): EffectiveMode {
  if (options.permissionMode !== undefined) return options.permissionMode;
  if (options.permission !== undefined) return modeOfLevel(options.permission);
  for (const layer of [...layers].reverse()) {
    if (!layer.trusted || layer.content.type !== "read") continue;
    const named = layer.content.settings.permissions.defaultMode;
    const mode = named === undefined ? undefined : parsePermissionMode(named);
    if (mode !== undefined) return mode;
    if (named !== undefined) warn(unknownMode(layer.file, named));
  }
  return "default";
}

function unknownMode(file: string, named: string): Fault {
  return {
    code: "settings-unknown-mode",
    message: `${file}: "${named}" is no permission mode.`,
    hint: `The modes are: ${permissionModes.join(", ")}.`,
  };
}

function directoriesOf(layer: SettingsLayer): readonly string[] {
  return layer.trusted && layer.content.type === "read"
    ? layer.content.settings.permissions.additionalDirectories
    : [];
}

function modelSettings(layers: readonly SettingsLayer[]): { provider?: string; model?: string } {
  const merged: { provider?: string; model?: string } = {};
  for (const { trusted, content } of layers) {
    if (!trusted || content.type !== "read") continue;
    const { provider, model } = content.settings;
    if (provider !== undefined) merged.provider = provider;
    if (model !== undefined) merged.model = model;
  }
  return merged;
}
