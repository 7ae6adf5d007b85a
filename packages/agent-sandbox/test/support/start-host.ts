import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { bundleHost } from "@claw/testkit";
import { onTestFinished } from "vitest";

/** Starts `host.ts` in a process of its own, as root also for somebody without rights; stopped when the test ends. */
export async function startHost(
  args: readonly string[],
  { unprivileged = false }: { readonly unprivileged?: boolean } = {},
): Promise<ChildProcessByStdio<null, Readable, Readable>> {
  const host = await bundleHost(new URL("host.ts", import.meta.url));
  const [program, ...rest] = host.argv(args, unprivileged);
  const child = spawn(program, rest, { cwd: "/", stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await host[Symbol.asyncDispose]();
  });
  return child;
}
