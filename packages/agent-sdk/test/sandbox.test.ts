import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { protectedName } from "@claw/agent-permissions";
import { bubblewrapSandbox, heldNames, protectedNames } from "@claw/agent-sandbox";
import {
  type AgentOptions,
  createAgent,
  type Decision,
  type Sandbox,
  type SandboxPolicy,
  type SandboxState,
  type ToolOutcome,
} from "@claw/agent-sdk";
import { localMachine } from "@claw/tools-builtin";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { excludes } from "../src/sandbox/excludes.ts";

let folder = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync("/var/tmp/claw-sdk-sandbox-"));
  for (const name of ["work", "other"]) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A sandbox that says what it was asked, and runs the command as it is. */
function double(state: SandboxState = { state: "full" }): {
  readonly sandbox: Sandbox;
  readonly policies: SandboxPolicy[];
} {
  const policies: SandboxPolicy[] = [];
  const sandbox: Sandbox = {
    probe: async () => state,
    wrap: async (argv, policy) => {
      policies.push(policy);
      return { argv: ["env", "CONFINED=1", ...argv], environment: {}, inputs: [], release: async () => [] };
    },
    explain: () => undefined,
  };
  return { sandbox, policies };
}

interface Ran {
  readonly outcomes: readonly ToolOutcome[];
  readonly asked: readonly string[];
  readonly state: SandboxState;
  readonly warnings: readonly string[];
}

/** Runs Bash calls in an agent; questions are counted and refused. */
async function run(inputs: readonly object[], options: AgentOptions): Promise<Ran> {
  const asked: string[] = [];
  const outcomes: ToolOutcome[] = [];
  const lines = [...inputs.map((input) => ({ toolCalls: [{ name: "Bash", input }] })), { text: "done" }];
  await using agent = await createAgent({
    provider: "stub",
    stubScript: lines.map((line) => JSON.stringify(line)).join("\n"),
    cwd: join(folder, "work"),
    env: { PATH: process.env["PATH"], HOME: folder, CLAW_HOME: join(folder, "claw") },
    ask: async ({ input }) => {
      asked.push(JSON.stringify(input));
      return { type: "deny", by: "user" };
    },
    ...options,
  });
  for await (const event of agent.run("go")) if (event.type === "tool-end") outcomes.push(event.outcome);
  return { outcomes, asked, state: agent.sandbox, warnings: agent.warnings.map(({ code }) => code) };
}

const textOf = (outcome: ToolOutcome | undefined): string => JSON.stringify(outcome?.content);
const writes = { command: "echo $CONFINED > made" };

describe("createAgent({ sandbox })", () => {
  test("without it nothing is confined, and the state says that nobody switched it on", async () => {
    const { state, asked, warnings } = await run([writes], {});
    expect(state).toMatchObject({ state: "disabled" });
    expect(asked).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  test("full: commands run confined, without a question", async () => {
    const { sandbox } = double();
    const { outcomes, asked, state } = await run([{ command: "echo in $CONFINED; touch made" }], {
      sandbox: { enabled: true, backend: sandbox },
    });
    expect(state).toEqual({ state: "full" });
    expect(asked).toEqual([]);
    expect(textOf(outcomes[0])).toContain("in 1");
  });

  test.each<[string, SandboxState]>([
    ["unavailable", { state: "unavailable", reason: "No namespaces.", fix: "Allow them." }],
    ["network-only", { state: "network-only", reason: "No mounts.", fix: "Allow them." }],
  ])("%s: asked about as without it, with a notice; never allowed silently", async (_, state) => {
    const { sandbox } = double(state);
    const { asked, warnings, outcomes } = await run([writes], {
      sandbox: { enabled: true, backend: sandbox },
    });
    expect(asked).toHaveLength(1);
    expect(outcomes[0]?.status).toBe("denied");
    expect(warnings).toEqual(["sandbox-unavailable"]);
  });

  test.each<SandboxState>([
    { state: "unavailable", reason: "No namespaces.", fix: "Allow them." },
    { state: "network-only", reason: "No mounts.", fix: "Allow them." },
  ])(
    "required, and $state: commands are refused in every mode, with the reason; others are not",
    async (state) => {
      const { sandbox } = double(state);
      const { asked, outcomes } = await run([writes, { command: "ls" }], {
        sandbox: { required: true, backend: sandbox },
        permissionMode: "bypassPermissions",
        allowedTools: ["Bash"],
      });
      expect(asked).toEqual([]);
      expect(outcomes.map(({ status }) => status)).toEqual(["denied", "denied"]);
      expect(textOf(outcomes[0])).toContain(state.state === "full" ? "" : state.reason);
      expect(existsSync(join(folder, "work", "made"))).toBe(false);
    },
  );

  test("excludedCommands, and what the model wants outside, run outside: asked about", async () => {
    const { sandbox } = double();
    const inputs = [{ command: "docker start x" }, { ...writes, dangerouslyDisableSandbox: true }];
    const { asked } = await run(inputs, {
      sandbox: { enabled: true, backend: sandbox, excludedCommands: ["docker *"] },
    });
    expect(asked).toHaveLength(2);
  });

  test.each<Partial<AgentOptions>>([
    { permission: "auto" },
    { allowedTools: ["Bash"] },
    { permissionMode: "acceptEdits", allowedTools: ["Bash(echo *)"] },
  ])(
    "class 24: what the model wants outside is asked about whatever allows the command: %j",
    async (more) => {
      const { sandbox } = double();
      const outside = { ...writes, dangerouslyDisableSandbox: true };
      const confined = { enabled: true, backend: sandbox } as const;
      const { asked, outcomes } = await run([outside, writes], { ...more, sandbox: confined });
      expect(asked).toEqual([JSON.stringify(outside)]);
      expect(outcomes.map(({ status }) => status)).toEqual(["denied", "ok"]);
      const strict = await run([outside], { ...more, sandbox: { ...confined, required: true } });
      expect(strict.asked).toEqual([]);
      expect(textOf(strict.outcomes[0])).toContain("have to run in the sandbox");
    },
  );

  test.each([
    ["docker start x 2>&1 | tail -5 && echo done", 0],
    ["docker start x; touch made", 1],
    ["docker start x $(touch made)", 1],
    ["docker start x; PATH=. docker", 1],
    ["docker start x; './dock'er", 1],
    ["docker start x; $X", 1],
  ])(
    "class 24: what leaves the sandbox beside an excluded command is asked about: %s",
    async (command, questions) => {
      const { sandbox } = double();
      const { asked } = await run([{ command }], {
        permission: "auto",
        sandbox: { enabled: true, backend: sandbox, excludedCommands: ["docker *"] },
      });
      expect(asked).toHaveLength(questions);
    },
  );

  test("allowUnsandboxedCommands: false takes that away from the model", async () => {
    const { sandbox } = double();
    const { outcomes } = await run([{ ...writes, dangerouslyDisableSandbox: true }], {
      sandbox: { enabled: true, backend: sandbox, allowUnsandboxedCommands: false },
    });
    expect(outcomes[0]).toMatchObject({ status: "failed", error: { code: "invalid-input" } });
  });

  test("autoAllow: off asks; with the network on it is off unless it is switched on", async () => {
    const { sandbox } = double();
    const asked = async (change: AgentOptions["sandbox"]): Promise<number> =>
      (await run([writes], { sandbox: { enabled: true, backend: sandbox, ...change } })).asked.length;
    expect(await asked({ autoAllow: false })).toBe(1);
    expect(await asked({ network: { enabled: true } })).toBe(1);
    expect(await asked({ network: { enabled: true }, autoAllow: true })).toBe(0);
  });

  test("rules, and a policy of the host, hold in it", async () => {
    const { sandbox } = double();
    const confined = { enabled: true, backend: sandbox } as const;
    const ruled = await run([writes], { sandbox: confined, disallowedTools: ["Bash(echo *)"] });
    expect(ruled.outcomes[0]?.status).toBe("denied");
    const policy = (): Decision => ({ type: "deny", reason: "Not today." });
    expect((await run([writes], { sandbox: confined, policy })).outcomes[0]?.status).toBe("denied");
  });

  test("class 24: the boundary is what the session starts with", async () => {
    const { sandbox, policies } = double();
    await run([{ command: "cd / && true" }, { command: "true" }], {
      directories: [join(folder, "other")],
      sandbox: {
        enabled: true,
        backend: sandbox,
        filesystem: {
          allowWrite: ["~/cache", "build"],
          denyWrite: ["vendor"],
          denyRead: ["/srv"],
          allowRead: ["/srv/x"],
        },
        network: { allowedDomains: ["a.example"] },
      },
    });
    const work = join(folder, "work");
    expect(policies).toHaveLength(2);
    for (const policy of policies) {
      expect(policy).toMatchObject({
        workspace: [work, join(folder, "other")],
        writable: [join(folder, "cache"), join(work, "build")],
        readOnly: [join(work, "vendor")],
        unreadable: expect.arrayContaining([join(folder, ".ssh"), join(folder, "claw"), "/srv"]),
        readable: expect.arrayContaining(["/srv/x"]),
        network: "off",
        domains: ["a.example"],
      });
    }
  });

  test("settings count as the option does; the option beats them, and managed ones beat the option", async () => {
    const { sandbox } = double();
    const file = join(folder, "managed.json");
    const on = '{ "sandbox": { "enabled": true, "excludedCommands": ["docker"] } }';
    const given = await run([{ command: "make" }], { settings: on, sandbox: { backend: sandbox } });
    expect(given.state).toEqual({ state: "full" });
    expect(given.asked).toEqual([]);
    const off = { backend: sandbox, enabled: false };
    expect((await run([], { settings: on, sandbox: off })).state).toMatchObject({ state: "disabled" });
    writeFileSync(file, on);
    expect((await run([], { managedSettings: [file], sandbox: off })).state).toEqual({ state: "full" });
  });

  test("class 27: a workspace neither switches it on nor loosens it", async () => {
    const { sandbox, policies } = double();
    mkdirSync(join(folder, "work", ".claw"));
    const says = { enabled: true, autoAllow: true, filesystem: { allowWrite: ["/"], denyWrite: ["src"] } };
    writeFileSync(join(folder, "work", ".claw", "settings.json"), JSON.stringify({ sandbox: says }));
    const backend = { backend: sandbox };
    expect((await run([], { sandbox: backend, trustWorkspace: true })).state).toMatchObject({
      state: "disabled",
    });
    await run([{ command: "true" }], { sandbox: { ...backend, enabled: true }, trustWorkspace: true });
    expect(policies[0]).toMatchObject({ writable: [], readOnly: [join(folder, "work", "src")] });
  });

  test("tools that act on another machine are not held by this one's sandbox, and that is said", async () => {
    const { state, warnings } = await run([], { sandbox: { enabled: true }, machine: localMachine() });
    expect(state).toMatchObject({ state: "unavailable", reason: expect.stringContaining("another machine") });
    expect(warnings).toEqual(["sandbox-unavailable"]);
  });
});

test.each([
  [["docker"], "docker ps", true],
  [["docker *"], "docker", true],
  [["docker:*"], "docker build .", true],
  [["docker build *"], "docker run x", false],
  [["docker"], "dockerd", false],
  [["docker"], "echo docker", false],
  [["*", ""], "ls", false],
  [[], "ls", false],
])("excludedCommands %j and %s: %s", (patterns, command, outside) => {
  expect(excludes(patterns, command)).toBe(outside);
});

test("what the sandbox protects is asked about outside of it too", () => {
  const unknown = [...protectedNames, ...heldNames].filter(
    (name) => protectedName(`/work/${name}`) === undefined,
  );
  expect(unknown).toEqual([]);
});

const here = await bubblewrapSandbox({ recordsFolder: "/var/tmp/claw-sdk-sandbox-none" }).probe();
const reason = here.state === "full" ? undefined : `${here.state}: ${here.reason}`;

describe.skipIf(reason !== undefined)(
  `with bubblewrap${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  () => {
    const confined: AgentOptions = { sandbox: { enabled: true } };

    test("the boundary holds: workspace, temporary folder, protected names, keys, network", async () => {
      mkdirSync(join(folder, ".ssh"));
      writeFileSync(join(folder, ".ssh", "id_ed25519"), "PRIVATE KEY");
      const { outcomes, asked, state } = await run(
        [
          { command: "echo one > inside; echo two > $TMPDIR/kept" },
          { command: `cat $TMPDIR/kept; echo x > ${folder}/other/x` },
          {
            // Put together, so that nothing but the sandbox can know of it.
            command: 'node -e \'require("fs").writeFileSync(".cla" + "ude/x", "")\'',
          },
          { command: `cat ${folder}/.ssh/id*` },
          {
            command:
              "node -e 'fetch(\"http://192.0.2.1\").catch((e) => { console.log(e.cause.code); process.exit(1); })'",
          },
        ],
        confined,
      );
      expect(state).toEqual({ state: "full" });
      expect(asked.filter((input) => !input.includes(".ssh"))).toEqual([]);
      expect(outcomes[0]?.status).toBe("ok");
      expect(textOf(outcomes[1])).toMatch(/two.*Read-only file system.*Sandbox: only the workspace/);
      expect(textOf(outcomes[2])).toContain("Sandbox:");
      expect(textOf(outcomes[3])).not.toContain("PRIVATE");
      expect(textOf(outcomes[4])).toMatch(/ENETUNREACH.*no network/);
      expect(readdirSync(join(folder, "work"))).toEqual(["inside"]);
      expect(readdirSync(join(folder, "other"))).toEqual([]);
    });

    test("P1: a command that takes too long is stopped with all that it started", async () => {
      const { outcomes } = await run(
        [{ command: "setsid sleep 71.5 & echo started; sleep 71.5", timeout: 1_500 }],
        confined,
      );
      expect(outcomes[0]).toMatchObject({ status: "failed", error: { code: "timed-out" } });
      expect(textOf(outcomes[0])).toContain("started");
    });

    test("a command that is stopped can end well first", async () => {
      const command = "trap 'echo bye > bye; exit' TERM; sleep 72.5 & wait";
      const { outcomes } = await run([{ command, timeout: 1_500 }], confined);
      expect(outcomes[0]).toMatchObject({ error: { code: "timed-out" } });
      expect(readdirSync(join(folder, "work"))).toEqual(["bye"]);
    });

    test("a flood of output stays bounded", async () => {
      const { outcomes } = await run([{ command: "head -c 1000000000 /dev/zero | tr '\\0' x" }], confined);
      expect(outcomes[0]).toMatchObject({ status: "ok", details: { outputBytes: 1_000_000_000 } });
      expect(textOf(outcomes[0]).length).toBeLessThan(60_000);
    }, 120_000);
  },
);
