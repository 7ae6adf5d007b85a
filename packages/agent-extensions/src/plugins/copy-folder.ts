import { chmod, cp, stat } from "node:fs/promises";
import { pluginFault } from "./read-plugin-file.ts";

/** Takes a folder over, without links and without what a version control keeps. */
export async function copyFolder(from: string, to: string): Promise<void> {
  const found = await stat(from).catch(() => undefined);
  if (found?.isDirectory() !== true) throw pluginFault("plugin-unreachable", `There is no folder ${from}`);
  await cp(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !/[/\\](?:\.git|node_modules)$/.test(path),
  });
  await chmod(to, 0o700);
}
