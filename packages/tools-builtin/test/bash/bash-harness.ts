import { randomInt } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonValue, SpillStore } from "@claw/agent-core";
import type { StartOptions } from "@claw/agent-tasks";
import { afterEach, beforeEach } from "vitest";
import { type BashToolOptions, bashTool } from "../../src/bash/bash-tool.ts";
import { localMachine } from "../../src/machine/local-machine.ts";
import { type Called, callTool } from "../call-tool.ts";

export interface BashHarness {
  /** A folder of the test's own. */
  readonly folder: () => string;
  readonly run: (
    input: string | JsonValue,
    options?: Partial<BashToolOptions> &
      StartOptions & { readonly cwd?: string; readonly signal?: AbortSignal },
  ) => Promise<Called>;
}

/** The Bash tool on this computer, in a fresh folder for each test. */
export function bashHarness(): BashHarness {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "claw-bash-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  return {
    folder: () => folder,
    run: (input, { cwd = folder, signal, ...options } = {}) => {
      const tool = bashTool({ machine: localMachine(options), ...options });
      return callTool(tool, typeof input === "string" ? { command: input } : input, {
        cwd,
        ...(signal === undefined ? {} : { signal }),
      });
    },
  };
}

/** Keeps at most `cap` bytes of each output in `folder`. */
export function fileSpill(folder: string, cap: number): SpillStore {
  return {
    open: async (call, label) => {
      const path = join(folder, `${label}-${call}.txt`);
      const file = await open(path, "wx", 0o600);
      let kept = 0;
      let dropped = 0;
      return {
        write: async (bytes) => {
          const part = bytes.subarray(0, cap - kept);
          kept += part.length;
          dropped += bytes.length - part.length;
          await file.write(part);
        },
        close: async () => {
          await file.close();
          return { path, kept, dropped };
        },
      };
    },
  };
}

/** A duration for `sleep` that no other process has: its processes are found by it. */
export function uniqueSeconds(): string {
  return `600.${randomInt(1e9, 9e9)}`;
}

/** How many processes (zombies left out) have the text in their command line. */
export function countRunning(text: string): number {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && commandLine(name).includes(text)).length;
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
