import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { temporaryFolder } from "./temporary-folder.ts";

/** A test's own program, as one file that any user can run. */
export interface BundledHost extends AsyncDisposable {
  /** Its command line; `unprivileged`: as a user for whom limits are enforced, where the tests are root's. */
  readonly argv: (args: readonly string[], unprivileged?: boolean) => readonly [string, ...string[]];
}

/** Bundles a TypeScript file with all that it imports, from sources. */
export async function bundleHost(entry: URL): Promise<BundledHost> {
  const folder = await temporaryFolder();
  await chmod(folder.path, 0o755);
  const outfile = join(folder.path, "host.mjs");
  await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["@claw/source"],
    outfile,
    logLevel: "error",
  });
  return {
    argv: (args, unprivileged = false) => {
      const own = [process.execPath, outfile, ...args] as const;
      return unprivileged && process.getuid?.() === 0 ? [...asNobody, ...own] : own;
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] as const;
