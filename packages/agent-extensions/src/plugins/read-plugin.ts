import { readdir, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Fault, isJsonObject, type JsonValue, toFault } from "@claw/agent-core";
import type { Hook } from "../hooks/hook.ts";
import { readHooks } from "../hooks/hooks-section.ts";
import type { SettingsFile } from "../settings/settings-layer.ts";
import { valuePlace } from "../settings/value-place.ts";
import { inside, isThere } from "./inside.ts";
import type { Plugin } from "./plugin.ts";
import { fill, type PluginParts } from "./plugin-parts.ts";
import { pluginServers } from "./plugin-servers.ts";
import { readManifest } from "./read-manifest.ts";
import { pluginFault, readPluginFile } from "./read-plugin-file.ts";

/**
 * Reads a plugin and runs nothing of it. `named`: what one without a manifest is called. A part that is wrong is one of the `problems` and hides no other. Rejects with a
 * `FaultError` `plugin-invalid` where nothing of it can be used.
 */
export async function readPlugin(
  folder: string,
  data: string,
  named: string = plainName(folder),
): Promise<Plugin> {
  const root = await realpath(folder).catch(() => {
    throw pluginFault("plugin-invalid", `There is no folder ${folder}`);
  });
  const manifest = await readManifest(root, named);
  const problems: Fault[] = [...manifest.problems];
  const parts: PluginParts = { root, data, manifest, report: (fault) => problems.push(fault) };
  const { name, format, fields } = manifest;
  const isNative = format === "agent-plugins";
  return {
    name,
    format,
    folder: root,
    ...text("version", fields["version"]),
    ...text("description", fields["description"]),
    skills: await skillsOf(parts),
    commands: isNative ? [] : await foldersOf("commands", parts),
    agents: isNative ? [] : await foldersOf("agents", parts),
    hooks: isNative ? [] : await hooksOfPlugin(parts),
    servers: await pluginServers(parts),
    problems,
  };
}

/** The last part of a path or URL, as a plugin may be called. */
export function plainName(place: string): string {
  return basename(place.replace(/(?:\.git)?(?:#.*)?$/, ""))
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, "-")
    .replace(/^[.-]+|[.-]+$/g, "");
}

function text<Key extends string>(
  key: Key,
  value: JsonValue | undefined,
): { readonly [Name in Key]?: string } {
  // A computed key widens to string; the pair is exactly the type that is promised.
  return typeof value === "string" ? ({ [key]: value } as { readonly [Name in Key]: string }) : {};
}

/** One level: each folder of `skills/` that has a `SKILL.md`. */
async function skillsOf(parts: PluginParts): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of await foldersOf("skills", parts)) {
    if (await isThere(folder, "SKILL.md")) {
      found.push(folder);
      continue;
    }
    for (const entry of (await readdir(folder)).sort()) {
      const skill = await inside(parts.root, join(folder.slice(parts.root.length + 1), entry, "SKILL.md"));
      if (skill !== undefined) found.push(dirname(skill));
    }
  }
  return found;
}

/** The usual folder, and those that the manifest names besides. */
async function foldersOf(
  kind: "skills" | "commands" | "agents",
  parts: PluginParts,
): Promise<readonly string[]> {
  const { root, manifest, report } = parts;
  const named = manifest.format === "agent-plugins" ? undefined : manifest.fields[kind];
  const further = (Array.isArray(named) ? named : [named]).filter((each) => typeof each === "string");
  const found: string[] = [];
  for (const each of [kind, ...further]) {
    const path = await inside(root, each);
    if (path !== undefined && path !== root) found.push(path);
    else if (each !== kind) report(badPath(each));
  }
  return [...new Set(found)];
}

function badPath(named: string): Fault {
  return pluginFault("plugin-invalid", `${named} is not there, or leads out of the plugin`).fault;
}

/** `hooks/hooks.json`, and what the manifest names or says. */
async function hooksOfPlugin(parts: PluginParts): Promise<readonly Hook[]> {
  const { root, manifest, report } = parts;
  const named = manifest.fields["hooks"];
  const sources = [
    ...((await isThere(root, "hooks/hooks.json")) ? ["hooks/hooks.json"] : []),
    ...(Array.isArray(named) ? named : named === undefined ? [] : [named]),
  ];
  const hooks: Hook[] = [];
  for (const source of sources) {
    try {
      const file = typeof source === "string" ? source : "plugin.json";
      const value = typeof source === "string" ? await readPluginFile(root, source) : source;
      hooks.push(...readFrom(value, file, parts));
    } catch (error) {
      report(toFault(error, "plugin-invalid"));
    }
  }
  return hooks;
}

function readFrom(value: JsonValue, file: string, parts: PluginParts): readonly Hook[] {
  const { root, data, manifest, report } = parts;
  const written = isJsonObject(value) && isJsonObject(value["hooks"]) ? value["hooks"] : value;
  const place: SettingsFile = {
    scope: "user",
    name: `plugin ${manifest.name}`,
    file: join(root, file),
    root,
    foreign: true,
    inWorkspace: false,
  };
  const read = readHooks(
    written,
    valuePlace(place, ["hooks"], ({ type, path, text: why }) => {
      const what = `${file}: ${path.join(".")} ${why === "" ? "means nothing here" : why}`;
      report(pluginFault(type === "invalid" ? "plugin-invalid" : "plugin-ignored", what).fault);
    }),
  );
  return (read ?? []).map((hook): Hook => {
    const { handler } = hook;
    const own = { ...hook, name: `${manifest.name}:${hook.name}`, source: place.name, isManaged: false };
    if (handler.type !== "command") return own;
    const { args } = handler;
    return {
      ...own,
      handler: {
        ...handler,
        ...(args === undefined
          ? {}
          : { command: fill(handler.command, parts), args: args.map((each) => fill(each, parts)) }),
        env: { CLAUDE_PLUGIN_ROOT: root, PLUGIN_ROOT: root, CLAUDE_PLUGIN_DATA: data, PLUGIN_DATA: data },
      },
    };
  });
}
