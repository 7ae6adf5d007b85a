import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { onTestFinished } from "vitest";

export interface HostOptions {
  readonly arguments?: readonly string[];
  /** Put before the command line of the host in a shell. */
  readonly shellPrefix?: string;
  /** As a user for whom limits are enforced. */
  readonly unprivileged?: boolean;
}

/** Starts `host.ts` in a process of its own, stopped at the latest when the test ends. */
export async function startHost(mode: string, options: HostOptions = {}): Promise<ChildProcess> {
  const folder = await mkdtemp(join(tmpdir(), "claw-host-"));
  await chmod(folder, 0o755);
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
  const host = [process.execPath, outfile, mode, ...(options.arguments ?? [])];
  const asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  const argv = options.unprivileged === true && process.getuid?.() === 0 ? [...asNobody, ...host] : host;
  const child = spawn("bash", ["-c", `${options.shellPrefix ?? ""} exec "$@"`, "bash", ...argv], {
    stdio: ["ignore", "pipe", "inherit"],
    cwd: "/",
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await rm(folder, { recursive: true });
  });
  return child;
}

/** Runs `host.ts` to its end. */
export async function runHost(
  mode: string,
  options: HostOptions = {},
): Promise<{ readonly stdout: string; readonly code: number | null }> {
  const child = await startHost(mode, options);
  let stdout = "";
  child.stdout?.on("data", (bytes: Buffer) => {
    stdout += bytes.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { stdout, code };
}
