import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Fault, thrownText } from "@claw/agent-core";
import { defineTool, jsonSchema } from "@claw/agent-tools";
import { defineExtension, type Extension } from "./define-extension.ts";
import type { ExtensionKit, MakeExtension } from "./extension-kit.ts";

export interface LoadedExtensions {
  readonly extensions: readonly Extension[];
  readonly faults: readonly Fault[];
}

/**
 * Imports each `*.js` and `*.mjs` of a folder, in the order of their names; what such a file exports by default is the
 * extension, or a `MakeExtension` that makes it. A folder that is not there holds none; one that is not its user's own, or that others may write to, is not
 * read; a file whose name, without its ending, is `off` is not imported. Never rejects: a bad file is a fault and hides no
 * other.
 */
export async function loadExtensions(folder: string, off: readonly string[] = []): Promise<LoadedExtensions> {
  const files = (await extensionFiles(folder, off)).flatMap(({ file, isOff }) => (isOff ? [] : file));
  if (files.length === 0) return { extensions: [], faults: [] };
  const unsafe = await whyUnsafe(folder);
  if (unsafe !== undefined) return { extensions: [], faults: [notLoaded(folder, unsafe)] };
  const extensions: Extension[] = [];
  const faults: Fault[] = [];
  for (const name of files) {
    const file = join(folder, name);
    try {
      const refused = await whyUnsafe(file);
      if (refused !== undefined) throw new Error(refused);
      const module: { readonly default?: unknown } = await import(pathToFileURL(file).href);
      const made: unknown = isMaker(module.default) ? await module.default(kit) : module.default;
      if (!isExtension(made)) throw new Error("it exports no extension by default");
      if (extensions.some((each) => each.name === made.name))
        throw new Error(`there is an extension ${made.name} already`);
      extensions.push(made);
    } catch (error) {
      faults.push(notLoaded(file, thrownText(error)));
    }
  }
  return { extensions, faults };
}

/** The files of a folder that would be imported, and which are switched off. */
export async function extensionFiles(
  folder: string,
  off: readonly string[],
): Promise<readonly { readonly file: string; readonly isOff: boolean }[]> {
  const names = await readdir(folder).catch((): readonly string[] => []);
  const files = names.filter((name) => /\.m?js$/.test(name)).sort();
  return files.map((file) => ({ file, isOff: off.includes(file.replace(/\.m?js$/, "")) }));
}

/** A file can import nothing of Claw where Claw is one bundle: what it needs is handed to it. */
const kit: ExtensionKit = { defineExtension, defineTool, jsonSchema };

function isMaker(value: unknown): value is MakeExtension {
  return typeof value === "function";
}

/** Its code runs with all that the user may do, so nobody else may have written it. */
async function whyUnsafe(path: string): Promise<string | undefined> {
  const { uid, mode } = await lstat(path);
  if ((mode & 0o022) !== 0) return "others may write to it";
  return process.getuid === undefined || uid === process.getuid() ? undefined : "it belongs to somebody else";
}

function isExtension(value: unknown): value is Extension {
  return typeof value === "object" && value !== null && "name" in value && typeof value.name === "string";
}

function notLoaded(path: string, why: string): Fault {
  return {
    code: "extension-unusable",
    message: `The extension ${path} was not loaded: ${why}.`,
    hint: "The others are not affected.",
  };
}
