import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { bubblewrapSandbox } from "@claw/agent-sandbox";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { limitArguments } from "../src/bubblewrap/limit-arguments.ts";
import { runConfined } from "./support/run-confined.ts";
import { startHost } from "./support/start-host.ts";
import { unavailableHere, type Workspace, workspace } from "./support/workspace.ts";

const reason = await unavailableHere();
const limits = limitArguments();

describe.skipIf(reason !== undefined)(
  `the life of a command${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  () => {
    let work: Workspace;
    beforeEach(() => {
      work = workspace();
    });
    afterEach(() => work[Symbol.dispose]());
    const entries = (): readonly string[] => readdirSync(work.root).sort();

    test("P3: children that fork twice, open sessions and clear their environment end with it", async () => {
      const mark = `10${process.pid}.${Date.now() % 1000}`;
      const { code } = await work.bash(
        `(setsid sh -c 'setsid nohup env -i sleep ${mark} >/dev/null 2>&1 &' &) ; nohup sleep ${mark} >/dev/null 2>&1 & disown; sleep 0.1; pgrep -fc 'sleep ${mark}'; exit 0`,
      );
      expect(code).toBe(0);
      expect(running(mark)).toEqual([]);
    });

    test("P5: nothing outlives an agent that is killed, and the next start removes its placeholders", async () => {
      const mark = `20${process.pid}.${Date.now() % 1000}`;
      const script = `setsid nohup env -i sleep ${mark} >/dev/null 2>&1 & echo up; sleep ${mark}`;
      const host = await startHost([work.root, work.records, script]);
      await once(host.stdout, "data");
      await until(() => running(mark).length === 2);
      expect(entries()).toContain(".mcp.json");
      host.kill("SIGKILL");
      await once(host, "exit");
      await until(() => running(mark).length === 0);

      const next = bubblewrapSandbox({ recordsFolder: work.records });
      await until(() => readdirSync(work.records).length === 0);
      expect(entries()).toEqual([".git"]);
      expect((await next.probe()).state).toBe("full");
    });

    test.skipIf(process.getuid?.() !== 0)(
      "an ordinary user is held like root, and is not taken for one inside",
      async () => {
        for (const folder of [work.root, join(work.root, ".git")]) chownSync(folder, 65534, 65534);
        for (const folder of [dirname(work.root), work.root]) chmodSync(folder, 0o777);
        const script = `id -u; echo x > made; echo x > ${work.outside}/no; echo x > .mcp.json; grep CapEff /proc/self/status; true`;
        const host = await startHost([work.root, work.records, script], { unprivileged: true });
        let stdout = "";
        host.stdout.on("data", (bytes: Buffer) => {
          stdout += bytes.toString();
        });
        await once(host, "close");
        expect(stdout).toBe(`65534\nCapEff:\t${"0".repeat(16)}\n`);
        expect(entries()).toEqual([".git", "made"]);
        expect(readdirSync(work.outside)).toEqual([]);
      },
    );

    const bomb = ":(){ :|:& };:";

    test.skipIf(process.getuid?.() !== 0 || limits.length === 0)(
      "P10: a fork bomb of an ordinary user ends in itself and with its command",
      async () => {
        for (const folder of [work.root, join(work.root, ".git")]) chownSync(folder, 65534, 65534);
        for (const folder of [dirname(work.root), work.root]) chmodSync(folder, 0o777);
        // A smaller limit, so that the computer notices nothing of it.
        const script = `ulimit -u; cat /proc/self/oom_score_adj; ulimit -Su 60; (${bomb}) 2>&1 | grep -m1 -o 'Resource temporarily unavailable'; true`;
        const host = await startHost([work.root, work.records, script], { unprivileged: true });
        let stdout = "";
        host.stdout.on("data", (bytes: Buffer) => {
          stdout += bytes.toString();
        });
        await once(host, "close");
        expect(stdout).toBe("4096\n500\nResource temporarily unavailable\n");
      },
    );

    test("commands side by side share the placeholders, and the last one removes them", async () => {
      const sandbox = bubblewrapSandbox({ recordsFolder: work.records });
      const first = await sandbox.wrap(
        ["bash", "-c", "read -r _; echo x > .mcp.json; echo x > .claude/a; ls -A"],
        work.policy,
      );
      const second = await sandbox.wrap(["true"], work.policy);
      expect(readdirSync(work.records)).toHaveLength(2);
      await runConfined(second, { cwd: work.root });
      await second.release();
      expect(entries()).toContain(".mcp.json");
      const { stdout } = await runConfined(first, { cwd: work.root, input: "go\n" });
      await first.release();
      expect(stdout).not.toBe("");
      expect(entries()).toEqual([".git"]);
      expect(readdirSync(work.records)).toEqual([]);
    });

    test("what a person puts in the place of a placeholder meanwhile is kept", async () => {
      const sandbox = bubblewrapSandbox({ recordsFolder: work.records });
      const confined = await sandbox.wrap(["true"], work.policy);
      chmodSync(join(work.root, ".vscode"), 0o755);
      writeFileSync(join(work.root, ".vscode", "settings.json"), "{}");
      mkdirSync(join(work.root, ".mine"));
      await confined.release();
      expect(entries()).toEqual([".git", ".mine", ".vscode"]);
      expect(readFileSync(join(work.root, ".vscode", "settings.json"), "utf8")).toBe("{}");
    });

    test("an empty folder that was there before stays there", async () => {
      mkdirSync(join(work.root, ".idea"));
      await work.bash("echo x > .idea/x; true");
      expect(entries()).toEqual([".git", ".idea"]);
      expect(readdirSync(join(work.root, ".idea"))).toEqual([]);
    });

    test("class 24: the boundary does not move with the folder of a call", async () => {
      const { stdout } = await work.bash("pwd; echo x > y; true", {}, { cwd: work.outside });
      expect(stdout).toBe(`${work.outside}\n`);
      expect(existsSync(join(work.outside, "y"))).toBe(false);
    });

    test("a workspace that is the whole file system is refused", async () => {
      await expect(work.bash("true", { workspace: ["/"] })).rejects.toMatchObject({
        fault: { code: "sandbox" },
      });
    });

    test("P10: a fork bomb and a flood of output end with the command", async () => {
      const sandbox = bubblewrapSandbox({ recordsFolder: work.records });
      const confined = await sandbox.wrap(
        ["timeout", "-s", "KILL", "1", "bash", "-c", "for i in $(seq 200); do sleep 77.25 & done; yes"],
        work.policy,
      );
      const child = spawn(confined.argv[0], confined.argv.slice(1), {
        cwd: work.root,
        stdio: ["ignore", "pipe", "ignore", "pipe"],
      });
      const pipe = child.stdio[3];
      if (pipe !== null && pipe !== undefined && "end" in pipe) pipe.end(confined.inputs[0]);
      child.stdout?.resume();
      await once(child, "exit");
      await confined.release();
      expect(running("77.25")).toEqual([]);
    });
  },
);

/** Process ids of `sleep` with that number. */
function running(mark: string): readonly string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, "latin1") === `sleep\0${mark}\0`;
    } catch {
      return false;
    }
  });
}

async function until(holds: () => boolean): Promise<void> {
  for (let round = 0; round < 400 && !holds(); round += 1) await delay(25);
  expect(holds()).toBe(true);
}
