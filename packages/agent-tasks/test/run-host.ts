import { type ChildProcess, spawn } from "node:child_process";
import { bundleHost } from "@claw/testkit";
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
  const host = await bundleHost(new URL("host.ts", import.meta.url));
  const argv = host.argv([mode, ...(options.arguments ?? [])], options.unprivileged);
  const child = spawn("bash", ["-c", `${options.shellPrefix ?? ""} exec "$@"`, "bash", ...argv], {
    stdio: ["ignore", "pipe", "inherit"],
    cwd: "/",
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await host[Symbol.asyncDispose]();
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
