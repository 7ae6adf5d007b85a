import { isAbsolute, resolve } from "node:path";
import { type Fault, FaultError } from "@claw/agent-core";
import {
  loadSettings,
  type Settings,
  type SettingsRequest,
  type WorkspaceTrust,
  workspaceBrings,
  workspaceTrust,
} from "@claw/agent-extensions";
import type { SettingsOptions } from "./agent-options.ts";
import type { ClawFolders } from "./claw-folders.ts";
import { countedKind } from "./counted-kind.ts";
import { realFolder } from "./real-folder.ts";
import { settingsSections } from "./settings-sections.ts";

/** What the settings say, and whether those of the workspace may act. */
export interface AgentSettings {
  readonly settings: Settings;
  readonly trust: WorkspaceTrust;
}

export interface SettingsSurroundings {
  readonly cwd: string;
  readonly home: string;
  readonly folders: ClawFolders;
  readonly warn: (fault: Fault) => void;
}

/**
 * Finds out whether the workspace is trusted and reads every layer of settings. Warns of what is wrong with them and of
 * what does not act. Rejects with a `FaultError` when settings that were given for this session cannot be read.
 */
export async function assembleSettings(
  options: SettingsOptions,
  { cwd, home, folders, warn }: SettingsSurroundings,
): Promise<AgentSettings> {
  const folder = realFolder(cwd);
  const trust = await workspaceTrust({
    cwd: folder,
    home,
    claw: folders.home,
    warn,
    ...(options.trustWorkspace === undefined ? {} : { given: options.trustWorkspace }),
  });
  const [settings, untrusted] = await Promise.all([
    loadSettings(settingsRequest(options, { cwd, home, folders }, trust)),
    trust.trusted ? undefined : untrustedWarning(trust),
  ]);
  refuseUnreadableGiven(settings);
  // What another product's files say beyond Claw's keys is no mistake: `diagnose` tells of it.
  for (const fault of settings.problems) if (fault.code !== "settings-not-used") warn(fault);
  if (untrusted !== undefined) warn(untrusted);
  return { settings, trust };
}

/** What is read for an agent with these options. */
export function settingsRequest(
  { managedSettings, settingSources, settings }: SettingsOptions,
  { cwd, home, folders }: Omit<SettingsSurroundings, "warn">,
  { trusted }: WorkspaceTrust,
): SettingsRequest {
  const managed = managedSettings === undefined ? {} : { managed: managedSettings };
  return {
    places: { home, claw: folders.home, project: folders.project, cwd, ...managed },
    sections: settingsSections,
    trusted,
    ...(settingSources === undefined ? {} : { sources: settingSources }),
    ...(settings === undefined ? {} : { given: givenSettings(settings, cwd) }),
  };
}

function givenSettings(given: string, cwd: string): { readonly text: string } | { readonly file: string } {
  if (given.trimStart().startsWith("{")) return { text: given };
  return { file: isAbsolute(given) ? given : resolve(cwd, given) };
}

function refuseUnreadableGiven({ layers }: Settings): void {
  const given = layers.find(({ scope }) => scope === "flags");
  if (given === undefined || given.content.type === "read") return;
  const message =
    given.content.type === "absent" ? `There is no file ${given.file}.` : given.content.fault.message;
  throw new FaultError({
    code: "usage",
    message,
    hint: "Settings for this session are a JSON object, or the path of a file that holds one.",
  });
}

async function untrustedWarning({ folder, changed }: WorkspaceTrust): Promise<Fault | undefined> {
  const brought = await workspaceBrings(folder);
  if (brought.length === 0) return undefined;
  const left = brought.map(countedKind).join(", ");
  const why = changed ? "has changed since you trusted it" : "is not trusted";
  return {
    code: "workspace-untrusted",
    message: `${folder} ${why}, so this of it does not act: ${left}.`,
    hint: "claw trust shows what it is; --trust-workspace trusts it once, claw trust add from now on.",
  };
}
