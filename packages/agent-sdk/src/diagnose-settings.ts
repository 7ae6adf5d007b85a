import { realpath } from "node:fs/promises";
import type { Fault } from "@claw/agent-core";
import {
  configuredHooks,
  type Hook,
  loadSettings,
  permissionsSection,
  type Settings,
  type SettingsLayer,
  type WorkspaceTrust,
  workspaceBrings,
  workspaceTrust,
} from "@claw/agent-extensions";
import type { SettingsOptions } from "./agent-options.ts";
import { type SettingsSurroundings, settingsRequest } from "./assemble-settings.ts";
import { countedKind } from "./counted-kind.ts";
import type { Check } from "./diagnose.ts";
import type { ExtensionOptions } from "./extensions/extension-options.ts";
import { enabledPlugins } from "./plugins/enabled-plugins.ts";

/** Looks at every layer of settings, at what each contributes, and at the trust in the workspace. */
export async function* diagnoseSettings(
  options: SettingsOptions & Pick<ExtensionOptions, "plugins">,
  around: Omit<SettingsSurroundings, "warn">,
): AsyncGenerator<Check> {
  const faults: Fault[] = [];
  const trust = await workspaceTrust({
    cwd: await realpath(around.cwd).catch(() => around.cwd),
    home: around.home,
    claw: around.folders.home,
    warn: (fault) => faults.push(fault),
    ...(options.trustWorkspace === undefined ? {} : { given: options.trustWorkspace }),
  });
  const settings = await loadSettings(settingsRequest(options, around, trust));
  for (const layer of settings.layers) yield layerCheck(layer, settings);
  for (const fault of [...faults, ...settings.problems]) yield faultCheck(fault);
  const { plugins } = await enabledPlugins(around.folders.home, options.plugins);
  yield* hookChecks(
    settings,
    plugins.flatMap((plugin) => plugin.hooks),
  );
  yield await trustCheck(trust);
}

function layerCheck(layer: SettingsLayer, settings: Settings): Check {
  const { name, file, content } = layer;
  switch (content.type) {
    case "absent":
      return { name, status: "ok", text: `none (${file})` };
    case "unreadable":
      return { name, status: "problem", text: `${file} cannot be read` };
    case "read": {
      const trust = layer.trusted ? "" : "; deny and ask rules only: the workspace is not trusted";
      return { name, status: "ok", text: `${file}: ${contribution(layer, settings)}${trust}` };
    }
  }
}

/** `2 allow, 1 deny, env, model`. */
function contribution(layer: SettingsLayer, settings: Settings): string {
  if (layer.content.type !== "read") return "nothing";
  const permissions = settings.entries(permissionsSection).find((entry) => entry.layer === layer)?.value;
  const rules = (["allow", "ask", "deny"] as const).flatMap((behavior) => {
    const count = permissions?.[behavior].length ?? 0;
    return count === 0 ? [] : [`${count} ${behavior}`];
  });
  const keys = Object.keys(layer.content.values).filter((key) => key !== "permissions" && key !== "$schema");
  const all = [...rules, ...keys];
  return all.length === 0 ? "nothing" : all.join(", ");
}

/** How many are called, and each that cannot be. */
function* hookChecks(settings: Settings, brought: readonly Hook[]): Generator<Check> {
  const all = configuredHooks(settings, brought);
  if (all.length === 0) return;
  const off = all.filter((each) => each.off !== undefined).length;
  const text = `${all.length - off} called, ${off} off`;
  yield { name: "hooks", status: "ok", text, hint: "claw hooks list shows them." };
  for (const { hook } of all) {
    const { handler, name, source } = hook;
    if (handler.type !== "unusable") continue;
    const hint = "What it would guard is asked about.";
    yield {
      name: "hooks",
      status: "warning",
      text: `${name} (${source}) cannot be run: ${handler.why}`,
      hint,
    };
  }
}

function faultCheck({ code, message, hint }: Fault): Check {
  const status = code === "settings-not-used" ? "ok" : "problem";
  return { name: "settings", status, text: message, ...(hint === undefined ? {} : { hint }) };
}

async function trustCheck({ trusted, folder, by, changed }: WorkspaceTrust): Promise<Check> {
  const name = "workspace";
  if (trusted) {
    const how = by === "session" ? "for this session" : "by your list";
    return { name, status: "ok", text: `${folder} is trusted ${how}` };
  }
  const brought = await workspaceBrings(folder);
  const what = brought.map(countedKind).join(", ");
  const state = changed ? "names other programs than when you trusted it" : "is not trusted";
  if (what === "")
    return { name, status: "ok", text: `${folder} ${state}, and brings nothing that would act` };
  return {
    name,
    status: "warning",
    text: `${folder} ${state}; it would bring ${what}`,
    hint: "claw trust shows what that is, claw trust add trusts it.",
  };
}
