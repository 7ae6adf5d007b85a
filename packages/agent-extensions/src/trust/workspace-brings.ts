import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import type { JsonObject, JsonValue } from "@claw/agent-core";
import { below } from "../below.ts";
import { isFrontmatterFault, readFrontmatter } from "../frontmatter.ts";
import { objectIn, readWorkspaceFiles } from "./workspace-files.ts";

/** Something that a workspace would do if it were trusted. */
export interface Brought {
  /** In the plural, such as "hooks". */
  readonly kind: string;
  /** What people recognise it by: rules, commands, names. */
  readonly names: readonly string[];
}

/** Everything of a workspace that acts only when it is trusted; empty where there is nothing. Starts nothing. */
export async function workspaceBrings(cwd: string): Promise<readonly Brought[]> {
  const { settings, servers, hooking } = await readWorkspaceFiles(cwd);
  const ofFiles = await Promise.all(hooking.map(({ block }) => readFrontmatter(`---\n${block}\n---\n`)));
  const permissions = settings.map((values) => objectIn(values["permissions"]));
  const all: readonly Brought[] = [
    { kind: "allow rules", names: permissions.flatMap((each) => texts(each["allow"])) },
    { kind: "further folders", names: permissions.flatMap((each) => texts(each["additionalDirectories"])) },
    { kind: "permission modes", names: permissions.flatMap((each) => texts([each["defaultMode"] ?? 0])) },
    {
      kind: "hooks",
      names: [
        ...settings.flatMap((values) => hooksIn(objectIn(values["hooks"]))),
        ...ofFiles.flatMap((read) =>
          isFrontmatterFault(read) ? [] : hooksIn(objectIn(read.values["hooks"])),
        ),
      ],
    },
    {
      kind: "MCP servers",
      names: [servers, ...settings.map((values) => objectIn(values["mcpServers"]))].flatMap(serversIn),
    },
    {
      kind: "environment variables",
      names: settings.flatMap((values) => Object.keys(objectIn(values["env"]))),
    },
    {
      kind: "models",
      names: settings.flatMap(({ provider, model, fallbackModel }) =>
        texts([provider ?? 0, model ?? 0, fallbackModel ?? 0].flat()),
      ),
    },
    { kind: "plugins", names: settings.flatMap((values) => Object.keys(objectIn(values["enabledPlugins"]))) },
    ...(await Promise.all(
      ["skills", "agents", "commands"].map(async (kind) => ({ kind, names: await entriesIn(cwd, kind) })),
    )),
  ];
  return all
    .map(({ kind, names }) => ({ kind, names: [...new Set(names)] }))
    .filter(({ names }) => names.length > 0);
}

/** `PreToolUse: ./check.sh`. */
function hooksIn(hooks: JsonObject): readonly string[] {
  return Object.entries(hooks).flatMap(([event, groups]) => {
    const handlers = (Array.isArray(groups) ? groups : []).flatMap((group) => {
      const list = objectIn(group)["hooks"];
      return Array.isArray(list) ? list.map(objectIn) : [];
    });
    return handlers.map(
      ({ command, url, type }) => `${event}: ${texts([command ?? url ?? type ?? ""])[0] ?? ""}`,
    );
  });
}

/** `name (command and arguments, or URL)`. */
function serversIn(servers: JsonObject): readonly string[] {
  return Object.entries(servers).map(([name, server]) => {
    const { command, args, url } = objectIn(server);
    const words = texts([command ?? url ?? "", ...texts(args)]);
    return `${name} (${words.join(" ")})`;
  });
}

async function entriesIn(cwd: string, kind: string): Promise<readonly string[]> {
  const folders = [".claw", ".claude", ...(kind === "skills" ? [".agents"] : [])];
  const found = await Promise.all(
    folders
      .map((folder) => below(cwd, folder, kind))
      .filter((folder) => existsSync(folder))
      .map((folder) => readdir(folder).catch((): string[] => [])),
  );
  return found
    .flat()
    .filter((name) => !name.startsWith("."))
    .map((name) => name.replace(/\.md$/, ""));
}

function texts(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
