import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { dirname, join, relative } from "node:path";
import {
  type AgentOptions,
  type Answer,
  clawFolders,
  createAgent,
  diagnose,
  distrustWorkspace,
  plainText,
  trustedFolders,
  trustWorkspace,
  workspaceState,
} from "@claw/agent-sdk";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

let folder = "";
const cwd = () => join(folder, "work");
const managed = () => join(folder, "etc", "settings.json");
const env = () => ({ PATH: process.env["PATH"], HOME: folder, CLAW_HOME: join(folder, "home") });

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "claw-sdk-settings-")));
  await mkdir(cwd());
  await writeFile(join(cwd(), "alpha.txt"), "first line\n");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(file: string, content: object | string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), typeof content === "string" ? content : JSON.stringify(content));
}

const bash = (command: string) => ({ toolCalls: [{ name: "Bash", input: { command } }] });
const done = { text: "done" };

function scripted(replies: readonly object[], more: AgentOptions = {}): AgentOptions {
  const stubScript = replies.map((reply) => JSON.stringify(reply)).join("\n");
  return { provider: "stub", stubScript, cwd: cwd(), env: env(), managedSettings: [managed()], ...more };
}

/** What became of each command: `ran`, or who refused it. */
async function outcomes(commands: readonly string[], more: AgentOptions = {}): Promise<readonly string[]> {
  await using agent = await createAgent(scripted([...commands.map(bash), done], more));
  await agent.run("go").result;
  return agent.messages.flatMap((message) => {
    if (message.role !== "tool") return [];
    return [message.outcome.status === "denied" ? message.outcome.by : "ran"];
  });
}

describe("a HOME that is no absolute path", () => {
  const account = (): string => join(folder, "account");
  const lost = (): NodeJS.ProcessEnv => ({ PATH: process.env["PATH"], HOME: relative(process.cwd(), cwd()) });
  beforeEach(async () => {
    await mkdir(account());
    vi.stubEnv("HOME", account());
  });
  afterEach(() => vi.unstubAllEnvs());

  test("does not make the workspace's settings the user's own", async () => {
    await put("work/.claw/settings.json", { permissions: { allow: ["Bash(touch a)"] } });
    expect(await outcomes(["touch a"], { env: lost() })).toEqual(["nobody"]);
  });

  test("is the same one for programs as for rules", async () => {
    await using agent = await createAgent(
      scripted([bash("echo ~"), done], { env: lost(), permission: "auto" }),
    );
    await agent.run("go").result;
    const said = agent.messages.flatMap((each) =>
      each.role === "tool" ? plainText(each.outcome.content) : [],
    );
    expect(said.join()).toContain(account());
  });

  test("is that of the account where the process has none either", () => {
    vi.stubEnv("HOME", "");
    expect(clawFolders("/work", { HOME: "" }).home).toBe(join(userInfo().homedir, ".claw"));
  });
});

describe("layers of settings (issue 4)", () => {
  test("rules of every layer count, and the workspace's `.claude` is read as it is", async () => {
    await put(".claude/settings.json", { permissions: { allow: ["Bash(touch a)"] } });
    await put("home/settings.json", { permissions: { deny: ["Bash(touch b)"] } });
    await put("work/.claude/settings.json", { permissions: { deny: ["Bash(touch c)"] }, statusLine: {} });
    await put("work/.claw/settings.local.json", { permissions: { deny: ["Bash(touch d)"] } });
    await put("etc/settings.json", { permissions: { allow: ["Bash(touch e)"] } });
    const commands = ["touch a", "touch b", "touch c", "touch d", "touch e", "touch f"];
    expect(await outcomes(commands)).toEqual(["ran", "policy", "policy", "policy", "ran", "nobody"]);
  });

  test("a rule on a built-in tool in other letters is told: it would stop nothing", async () => {
    await put("home/settings.json", { permissions: { deny: ["web_fetch", "Bash", "house"] } });
    await using agent = await createAgent(scripted([done], { disallowedTools: ["bash", "mcp__docs"] }));
    expect(agent.warnings.map(({ message, hint }) => `${message} ${hint}`)).toEqual([
      "The rule bash of --disallowed-tools has no effect: no tool is called bash. Did you mean Bash?",
      "The rule web_fetch of user settings has no effect: no tool is called web_fetch. Did you mean WebFetch?",
    ]);
  });

  test("what is warned of while a run goes on is in its event stream, too", async () => {
    await put("etc/settings.json", { allowManagedPermissionRulesOnly: true });
    const ask: AgentOptions["ask"] = async () => ({
      type: "allow",
      remember: { rules: ["Bash(touch a)"], scope: "session" },
    });
    await using agent = await createAgent(scripted([bash("touch a"), done], { ask }));
    const notices: string[] = [];
    for await (const event of agent.run("go"))
      if (event.type === "notice") notices.push(`${event.level} ${event.code}: ${event.text}`);
    const [warning] = agent.warnings;
    expect(notices).toEqual([`warning settings-managed-only: ${warning?.message}`]);
  });

  test("settings for the session are given as text or as a file, and beat those of the user", async () => {
    await put("home/settings.json", { permissions: { defaultMode: "plan" } });
    const settings = '{"permissions":{"defaultMode":"acceptEdits","allow":["Bash(touch a)"]}}';
    await put("given.json", settings);
    for (const given of [settings, join(folder, "given.json")]) {
      await using agent = await createAgent(scripted([done], { settings: given }));
      expect(agent.permissionMode).toBe("acceptEdits");
    }
    expect(await outcomes(["touch a"], { settings })).toEqual(["ran"]);
    for (const broken of ["{", join(folder, "absent.json")]) {
      await expect(createAgent(scripted([done], { settings: broken }))).rejects.toMatchObject({
        fault: { code: "usage" },
      });
    }
  });

  test("permissions.readOnlyCommands: the user's entries count, a wrong one is told, a workspace's is not used", async () => {
    const entry = { command: "lister", flags: "-a", match: ["lister -a"], not_match: ["lister -b"] };
    const wrong = { ...entry, command: "other", match: ["other -c"] };
    await put("home/settings.json", { permissions: { readOnlyCommands: [entry, wrong] } });
    const ofWorkspace = { ...entry, command: "third", match: ["third"], not_match: ["third -b"] };
    await put("work/.claw/settings.json", { permissions: { readOnlyCommands: [ofWorkspace] } });
    const more = { trustWorkspace: true } as const;
    const commands = ["lister -a", "lister -b", "other", "third"];
    expect(await outcomes(commands, more)).toEqual(["ran", "nobody", "nobody", "nobody"]);
    await using agent = await createAgent(scripted([done], more));
    expect(agent.warnings).toContainEqual(
      expect.objectContaining({
        code: "read-only-command",
        message: expect.stringMatching(
          /home.settings\.json: "other" .* does not match its example `other -c`/,
        ),
      }),
    );
  });

  test("settingSources leaves layers out", async () => {
    await put("home/settings.json", { permissions: { allow: ["Bash(touch a)"] } });
    expect(await outcomes(["touch a"], { settingSources: ["project"] })).toEqual(["nobody"]);
    expect(await outcomes(["touch a"], { settingSources: ["user"] })).toEqual(["ran"]);
  });

  test("env reaches what tools start; that of a trusted workspace never a provider", async () => {
    await put("home/settings.json", { env: { FROM_USER: "u", GREETING: "user" } });
    await put("work/.claw/settings.json", {
      env: { GREETING: "workspace", ANTHROPIC_BASE_URL: "http://127.0.0.1:9" },
    });
    const print = 'printf "%s %s" "$FROM_USER" "$GREETING" > out';
    await outcomes([print], { permission: "auto" });
    expect(await readFile(join(cwd(), "out"), "utf8")).toBe("u user");
    await outcomes([print], { permission: "auto", trustWorkspace: true });
    expect(await readFile(join(cwd(), "out"), "utf8")).toBe("u workspace");
    let asked = "";
    let stop = new AbortController();
    const transport = async (request: { readonly url: string }): Promise<never> => {
      asked = request.url;
      stop.abort();
      throw new Error("no network");
    };
    const keyed = { ...env(), ANTHROPIC_API_KEY: "key" };
    const options = {
      cwd: cwd(),
      env: keyed,
      provider: "anthropic",
      transport,
      trustWorkspace: true,
    } as const;
    {
      await using agent = await createAgent({ ...options, managedSettings: [] });
      await agent.run("go", { limits: { maxTurns: 1 }, signal: stop.signal }).result;
      expect(asked).toMatch(/^https:\/\/api\.anthropic\.com/);
    }
    await put("home/settings.json", { env: { ANTHROPIC_BASE_URL: "http://127.0.0.1:7" } });
    await using agent = await createAgent({ ...options, managedSettings: [] });
    stop = new AbortController();
    await agent.run("go", { limits: { maxTurns: 1 }, signal: stop.signal }).result;
    expect(asked).toMatch(/^http:\/\/127\.0\.0\.1:7/);
  });

  test("provider, model, fallbackModel and effortLevel come from the strongest layer", async () => {
    await put("home/settings.json", { provider: "anthropic", model: "one", fallbackModel: "other" });
    await put("work/.claw/settings.json", { model: "two", effortLevel: "high" });
    const bodies: string[] = [];
    const stop = new AbortController();
    const transport = async (request: { readonly body?: unknown }): Promise<never> => {
      bodies.push(String(request.body));
      stop.abort();
      throw new Error("no network");
    };
    const keyed = { ...env(), ANTHROPIC_API_KEY: "key" };
    const options = { cwd: cwd(), env: keyed, managedSettings: [], transport };
    {
      await using agent = await createAgent(options);
      expect(agent.model).toEqual({ provider: "anthropic", id: "one" });
    }
    await using agent = await createAgent({ ...options, trustWorkspace: true });
    expect(agent.model.id).toBe("two");
    await agent.run("go", { signal: stop.signal }).result;
    expect(bodies[0]).toMatch(/"model":"two".*"(effort|thinking)"/);
  });

  test("disableBypassPermissionsMode holds from any layer, for flags, settings and later changes", async () => {
    await put("work/.claw/settings.json", { permissions: { disableBypassPermissionsMode: "disable" } });
    for (const more of [{ permission: "auto" }, { permissionMode: "bypassPermissions" }] as const) {
      await expect(createAgent(scripted([done], more))).rejects.toMatchObject({
        fault: { code: "mode-disabled", message: expect.stringContaining("settings.json") },
      });
    }
    await put("home/settings.json", { permissions: { defaultMode: "bypassPermissions" } });
    await using agent = await createAgent(scripted([done]));
    expect(agent.permissionMode).toBe("default");
    expect(agent.warnings).toMatchObject([{ code: "mode-disabled" }]);
    expect(() => agent.setPermissionMode("bypassPermissions")).toThrow("switched off");
    agent.setPermissionMode("plan");
    expect(agent.permissionMode).toBe("plan");
  });

  test("allowManagedPermissionRulesOnly: nobody else allows, also not by an answer, and everybody still denies", async () => {
    await put("etc/settings.json", {
      allowManagedPermissionRulesOnly: true,
      permissions: { allow: ["Bash(touch a)"] },
    });
    await put("home/settings.json", { permissions: { allow: ["Bash(touch b)"], deny: ["Bash(touch c)"] } });
    let asked = 0;
    const ask = async (): Promise<Answer> => {
      asked += 1;
      return { type: "allow", remember: { rules: ["Bash(touch d)"], scope: "always" } };
    };
    const commands = ["touch a", "touch b", "touch c", "touch d", "touch d"];
    expect(await outcomes(commands, { ask })).toEqual(["ran", "ran", "policy", "ran", "ran"]);
    expect(asked).toBe(3);
    await using agent = await createAgent(scripted([done], { allowedTools: ["Read"] }));
    expect(agent.warnings.map(({ code }) => code)).toEqual([
      "settings-managed-only",
      "settings-managed-only",
    ]);
  });

  test("class 25: a deny rule that cannot be read makes everything a question, in every mode", async () => {
    await put("home/settings.json", { permissions: { deny: ["Bash(rm"] } });
    expect(await outcomes(["ls"], { permission: "auto" })).toEqual(["nobody"]);
    await put("home/settings.json", { permissions: { allow: ["Bash(rm"] } });
    expect(await outcomes(["ls"])).toEqual(["ran"]);
  });
});

describe("trust (class 20)", () => {
  beforeEach(() =>
    put("work/.claw/settings.json", {
      permissions: { allow: ["Bash(touch a)"], deny: ["Bash(touch b)"], additionalDirectories: [folder] },
    }),
  );

  test("nothing of a workspace acts before it is trusted, one warning says what; its deny rules do count", async () => {
    expect(await outcomes(["touch a", "touch b", `cat ${folder}/home/x`])).toEqual([
      "nobody",
      "policy",
      "nobody",
    ]);
    await using agent = await createAgent(scripted([done]));
    expect(agent.workspaceTrust).toEqual({ trusted: false, folder: cwd(), by: "nobody", changed: false });
    expect(agent.warnings).toMatchObject([
      { code: "workspace-untrusted", message: expect.stringContaining("1 allow rule, 1 further folder") },
    ]);
  });

  test("trust is given for a session, or kept until it is taken back", async () => {
    expect(await outcomes(["touch a", "touch b"], { trustWorkspace: true })).toEqual(["ran", "policy"]);
    expect(await outcomes(["touch a"])).toEqual(["nobody"]);
    const of = { cwd: cwd(), env: env() };
    expect(await trustWorkspace(of)).toBe(cwd());
    expect(await trustedFolders(of)).toMatchObject([{ folder: cwd() }]);
    expect((await workspaceState(of)).trust).toMatchObject({ trusted: true, by: "list" });
    expect(await outcomes(["touch a"])).toEqual(["ran"]);
    expect(await outcomes(["touch a"], { trustWorkspace: false })).toEqual(["nobody"]);
    expect(await distrustWorkspace(of)).toBe(true);
    expect(await outcomes(["touch a"])).toEqual(["nobody"]);
  });

  test("a workspace that brings nothing needs no word about it", async () => {
    await rm(join(cwd(), ".claw"), { recursive: true });
    await using agent = await createAgent(scripted([done]));
    expect(agent.warnings).toEqual([]);
  });
});

test("diagnose shows each layer, what it says, what is not used, and the trust", async () => {
  await put("home/settings.json", {
    model: "m",
    permissions: { allow: ["Read"], deny: ["Bash(x)", "Edit(y)"] },
  });
  await put(".claude/settings.json", { statusLine: {} });
  await put("work/.claw/settings.json", { permissions: { allow: ["Bash(touch a)"] } });
  await put("work/.claw/settings.local.json", "{");
  const checks = new Map<string, string>();
  for await (const { name, text, status } of diagnose({
    cwd: cwd(),
    env: env(),
    managedSettings: [managed()],
    ollamaUrl: "http://127.0.0.1:9",
  })) {
    checks.set(`${name} ${status}`, text);
  }
  expect(checks.get("user settings ok")).toMatch(/settings\.json: 1 allow, 2 deny, model$/);
  expect(checks.get("project settings ok")).toContain("deny and ask rules only");
  expect(checks.get("local settings problem")).toContain("cannot be read");
  expect(checks.get("managed settings ok")).toContain("none");
  expect(checks.get("settings ok")).toContain("statusLine");
  expect(checks.get("workspace warning")).toContain("1 allow rule");
});
