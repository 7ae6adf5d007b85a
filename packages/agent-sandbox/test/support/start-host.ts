import { type ChildProcessByStdio, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { build } from "esbuild";
import { onTestFinished } from "vitest";

/** Starts `host.ts` in a process of its own, as root also for somebody without rights; stopped when the test ends. */
export async function startHost(
  args: readonly string[],
  { unprivileged = false }: { readonly unprivileged?: boolean } = {},
): Promise<ChildProcessByStdio<null, Readable, Readable>> {
  const folder = mkdtempSync(join(tmpdir(), "claw-host-"));
  chmodSync(folder, 0o755);
  const outfile = join(folder, "host.mjs");
  await build({
    entryPoints: [new URL("host.ts", import.meta.url).pathname],
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["@claw/source"],
    outfile,
    logLevel: "error",
  });
  const asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  const [program = "", ...rest] = [...(unprivileged ? asNobody : []), process.execPath, outfile, ...args];
  const child = spawn(program, rest, { cwd: "/", stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });
  return child;
}
