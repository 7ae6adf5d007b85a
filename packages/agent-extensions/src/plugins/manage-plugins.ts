import { randomUUID } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { type Fetch, fetchPlugin } from "./fetch-plugin.ts";
import { hashTree } from "./hash-tree.ts";
import { changeInstalled, type InstalledPlugin, pluginFolders } from "./installed-plugins.ts";
import type { Plugin } from "./plugin.ts";
import { plainName, readPlugin } from "./read-plugin.ts";
import { pluginFault } from "./read-plugin-file.ts";

export interface AddedPlugin {
  readonly installed: InstalledPlugin;
  readonly plugin: Plugin;
}

/**
 * Copies a plugin from a folder, a git URL (`…#revision`) or an npm package (`npm:name@version`, or a file `npm:./x.tgz`) and
 * remembers what it was. It stays off. Rejects with a `FaultError` of a `PluginFaultCode`; then nothing was changed.
 */
export async function addPlugin(
  source: string,
  { claw, cwd, fetch }: { readonly claw: string; readonly cwd: string; readonly fetch: Fetch },
  signal: AbortSignal,
): Promise<AddedPlugin> {
  const folders = pluginFolders(claw);
  const staging = join(folders.staging, randomUUID());
  await mkdir(staging, { recursive: true, mode: 0o700 });
  try {
    const { folder, revision } = await fetchPlugin(source, { staging, cwd, fetch }, signal);
    const hash = await hashTree(folder);
    const named = plainName(isFolder(source) ? resolve(cwd, source) : source);
    const { name } = await readPlugin(folder, folders.data("x"), named);
    const copy = folders.copy({ name, hash });
    const installed: InstalledPlugin = {
      name,
      source: isFolder(source) ? resolve(cwd, source) : source,
      ...(revision === undefined ? {} : { revision }),
      hash,
      enabled: false,
      since: new Date().toISOString(),
    };
    await changeInstalled(claw, async (before) => {
      refuseSecond(before, name);
      await rm(copy, { recursive: true, force: true });
      await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
      await rename(folder, copy);
      return { plugins: [...before, installed], result: undefined };
    });
    return { installed, plugin: await readPlugin(copy, folders.data(name), name) };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

function refuseSecond(plugins: readonly InstalledPlugin[], name: string): void {
  if (!plugins.some((each) => each.name === name)) return;
  throw pluginFault(
    "plugin-exists",
    `A plugin ${name} is installed already`,
    `claw plugin remove ${name} first.`,
  );
}

function isFolder(source: string): boolean {
  return isAbsolute(source) || source.startsWith(".") || !/^[\w+-]+:|@/.test(source);
}

/** Rejects with `plugin-unknown`. */
export async function switchPlugin(claw: string, name: string, enabled: boolean): Promise<InstalledPlugin> {
  return changeInstalled(claw, async (before) => {
    const found = known(before, name);
    const changed = { ...found, enabled };
    return { plugins: before.map((each) => (each === found ? changed : each)), result: changed };
  });
}

/** Its copy goes, its data too. Rejects with `plugin-unknown`. */
export async function removePlugin(claw: string, name: string): Promise<void> {
  const folders = pluginFolders(claw);
  const removed = await changeInstalled(claw, async (before) => {
    const found = known(before, name);
    return { plugins: before.filter((each) => each !== found), result: found };
  });
  await rm(dirname(folders.copy(removed)), { recursive: true, force: true });
  await rm(folders.data(name), { recursive: true, force: true });
}

/** A plugin as it stands in a folder, nothing installed. Rejects with `plugin-invalid`. */
export async function validatePlugin(folder: string): Promise<Plugin> {
  await hashTree(folder);
  return readPlugin(folder, join(folder, ".data"));
}

function known(plugins: readonly InstalledPlugin[], name: string): InstalledPlugin {
  const found = plugins.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw pluginFault(
    "plugin-unknown",
    `No plugin ${name} is installed`,
    "claw plugin list shows those that are.",
  );
}
