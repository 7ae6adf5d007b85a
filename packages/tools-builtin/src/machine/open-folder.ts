import { closeSync, constants, existsSync, open, readlinkSync } from "node:fs";
import { mkdir, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { movedSince } from "./moved-since.ts";

/** A folder that is held open: what is done through `at` happens in this very folder, whatever its path leads to since. */
export interface OpenFolder extends Disposable {
  /** The path to use for an entry; the empty name is the folder itself. */
  readonly at: (name: string) => string;
}

/**
 * Opens the folder at a path without links, and makes what is missing of it. Rejects with `moved` when there is a link
 * in the path now. Where there is no /proc a path is checked and then used, so a change between the two is not seen.
 */
export async function openFolder(path: string, options: { readonly make: boolean }): Promise<OpenFolder> {
  const file = await opened(path).catch(async (error: unknown) => {
    const parent = dirname(path);
    if (!options.make || parent === path || !isMissing(error)) throw error;
    using above = await openFolder(parent, options);
    await mkdir(above.at(basename(path))).catch(unlessThere);
    return opened(path);
  });
  try {
    return await held(file, path);
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function opened(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    open(path, constants.O_RDONLY | constants.O_DIRECTORY, (error, file) =>
      error ? reject(error) : resolve(file),
    );
  });
}

async function held(file: number, path: string): Promise<OpenFolder> {
  const kernel = `/proc/self/fd/${file}`;
  const knows = existsSync(kernel);
  if ((knows ? readlinkSync(kernel) : await realpath(path)) !== path) throw movedSince(path);
  return {
    at: (name) => join(knows ? kernel : path, name),
    [Symbol.dispose]: () => closeSync(file),
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function unlessThere(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
}
