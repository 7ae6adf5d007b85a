import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  effortSection,
  environmentSection,
  fallbackModelSection,
  loadSettings,
  managedRulesOnlySection,
  managedSettingsFiles,
  modelSection,
  permissionsSection,
  providerSection,
  rememberedSettingsFile,
  rememberRules,
  type Settings,
  type SettingsKey,
  type SettingsRequest,
  settingsFiles,
} from "@claw/agent-extensions";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claw-settings-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const places = () => ({
  home: join(folder, "home"),
  claw: join(folder, "home", ".claw"),
  project: join(folder, "home", ".claw", "projects", "work"),
  cwd: join(folder, "work"),
  managed: [
    join(folder, "etc", "claude-code", "managed-settings.json"),
    join(folder, "etc", "claw", "settings.json"),
  ],
});

const sections: readonly SettingsKey[] = [
  permissionsSection,
  environmentSection,
  providerSection,
  modelSection,
  fallbackModelSection,
  effortSection,
  managedRulesOnlySection,
];

/** The files by short names, weakest first. */
const files = {
  "user .claude": () => join(places().home, ".claude", "settings.json"),
  user: () => join(places().claw, "settings.json"),
  "project .claude": () => join(places().cwd, ".claude", "settings.json"),
  project: () => join(places().cwd, ".claw", "settings.json"),
  "local .claude": () => join(places().cwd, ".claude", "settings.local.json"),
  local: () => join(places().cwd, ".claw", "settings.local.json"),
  remembered: () => rememberedSettingsFile(places()),
  "managed .claude": () => join(folder, "etc", "claude-code", "managed-settings.json"),
  managed: () => join(folder, "etc", "claw", "settings.json"),
};

async function put(name: keyof typeof files, content: object | string): Promise<string> {
  const file = files[name]();
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  return file;
}

const load = (more: Partial<SettingsRequest> = {}): Promise<Settings> =>
  loadSettings({ places: places(), sections, trusted: true, ...more });

describe("layers", () => {
  test("managed over flags over local over project over user, and our own folder over the other product's", async () => {
    const order = Object.keys(files);
    for (const name of Object.keys(files) as (keyof typeof files)[]) {
      await put(name, { effortLevel: "low", provider: name, permissions: { deny: [`Bash(${name})`] } });
    }
    const given = { text: '{"provider":"flags","permissions":{"deny":["Bash(flags)"]}}' };
    const settings = await load({ given });
    const expected = [...order.slice(0, -2), "flags", ...order.slice(-2)];
    expect(settings.entries(permissionsSection).map(({ value }) => value.deny[0])).toEqual(
      expected.map((name) => `Bash(${name})`),
    );
    expect(settings.get(permissionsSection)?.deny).toHaveLength(expected.length);
    expect(settings.get(providerSection)).toBe("managed");
    await rm(files.managed());
    await rm(files["managed .claude"]());
    expect((await load({ given })).get(providerSection)).toBe("flags");
    expect((await load()).get(providerSection)).toBe("remembered");
  });

  test("rules of all layers count, scalars are the strongest layer's", async () => {
    await put("user", {
      model: "a",
      fallbackModel: "b, c",
      permissions: { allow: ["Read"], defaultMode: "plan", additionalDirectories: ["/x"] },
    });
    await put("project", { model: "d", effortLevel: "high", permissions: { allow: ["Read", "Glob"] } });
    const settings = await load();
    expect(settings.get(permissionsSection)).toEqual({
      allow: ["Read", "Glob"],
      ask: [],
      deny: [],
      additionalDirectories: ["/x"],
      defaultMode: "plan",
    });
    expect(settings.get(modelSection)).toBe("d");
    expect(settings.get(fallbackModelSection)).toEqual(["b", "c"]);
    expect(settings.get(effortSection)).toBe("high");
    expect(settings.problems).toEqual([]);
  });

  test("which files count can be said; managed ones always do", async () => {
    for (const name of ["user", "project", "local", "managed"] as const) {
      await put(name, { permissions: { deny: [`Bash(${name})`] } });
    }
    const denied = async (sources: SettingsRequest["sources"]) =>
      (await load(sources === undefined ? {} : { sources })).get(permissionsSection)?.deny;
    expect(await denied(["user"])).toEqual(["Bash(user)", "Bash(managed)"]);
    expect(await denied([])).toEqual(["Bash(managed)"]);
    expect(await denied(["project", "local"])).toHaveLength(3);
  });

  test("where managed settings are on each platform", () => {
    expect(managedSettingsFiles("linux")).toEqual([
      "/etc/claude-code/managed-settings.json",
      "/etc/claw/settings.json",
    ]);
    expect(managedSettingsFiles("darwin")[1]).toBe("/Library/Application Support/Claw/settings.json");
    expect(managedSettingsFiles("win32", "C:\\Programs")[1]).toBe("C:\\Programs\\Claw\\settings.json");
  });

  test("in the home folder the files of the user are not taken for those of a workspace", () => {
    const { home, claw, project } = places();
    const inHome = settingsFiles({ home, claw, project, cwd: home }).map(({ file, inWorkspace }) => [
      file,
      inWorkspace,
    ]);
    expect(inHome).toContainEqual([join(claw, "settings.json"), false]);
    expect(inHome).not.toContainEqual([join(claw, "settings.json"), true]);
  });
});

describe("trust (class 20)", () => {
  test("of a workspace that is not trusted only `permissions` are read, and marked", async () => {
    await put("project", { model: "m", env: { A: "1" }, permissions: { allow: ["Read"], deny: ["Bash"] } });
    const settings = await load({ trusted: false });
    expect(settings.get(modelSection)).toBeUndefined();
    expect(settings.get(environmentSection)).toBeUndefined();
    expect(settings.entries(permissionsSection)).toMatchObject([
      { layer: { trusted: false, inWorkspace: true }, value: { deny: ["Bash"] } },
    ]);
  });

  test("class 27: even a trusted workspace does not choose programs, nor that nobody is asked", async () => {
    const file = await put("project", {
      env: {
        PATH: "/w/bin",
        LD_LIBRARY_PATH: "/w",
        GIT_SSH: "./x",
        RIPGREP_CONFIG_PATH: "./x",
        TAR_OPTIONS: "--checkpoint=1 --checkpoint-action=exec=./x",
        EDITION: "x",
      },
      permissions: { defaultMode: "bypassPermissions" },
      allowManagedPermissionRulesOnly: true,
    });
    const settings = await load();
    expect(settings.get(environmentSection)).toEqual({ EDITION: "x" });
    expect(settings.get(permissionsSection)?.defaultMode).toBeUndefined();
    expect(settings.get(managedRulesOnlySection)).toBeUndefined();
    expect(settings.problems).toMatchObject([
      { code: "settings-not-used", message: expect.stringContaining(file) },
    ]);
    for (const key of [
      "env.PATH",
      "LD_LIBRARY_PATH",
      "GIT_SSH",
      "RIPGREP_CONFIG_PATH",
      "TAR_OPTIONS",
      "defaultMode",
      "allowManagedPermissionRulesOnly",
    ]) {
      expect(settings.problems[0]?.message).toContain(key);
    }
    await put("user", { env: { PATH: "/u/bin" } });
    expect((await load()).get(environmentSection)).toEqual({ PATH: "/u/bin", EDITION: "x" });
    await put("managed", { allowManagedPermissionRulesOnly: true });
    expect((await load()).get(managedRulesOnlySection)).toBe(true);
  });
});

describe("what is wrong is told with its place", () => {
  test.each([
    ['{\n  "permision": {}\n}', "settings-unknown-key", /"permision"/, /Did you mean "permissions"\?.*:2:3/],
    [
      '{"permissions":{\n"alow": []}}',
      "settings-unknown-key",
      /permissions\.alow/,
      /permissions\.allow"\?.*:2:1/,
    ],
    [
      '{"permissions":{"deny":"Bash"}}',
      "settings-invalid",
      /`permissions.deny` must be a list of texts/,
      /:1:17/,
    ],
    ['{"model":1}', "settings-invalid", /`model` must be a text/, /:1:2/],
    ['{"env":{"A":1}}', "settings-invalid", /`env.A` must be a text/, /:1:9/],
    ['{"env":{"A B":"1"}}', "settings-invalid", /is no name of a variable/, /:1:9/],
    ['{"fallbackModel":["a",""]}', "settings-invalid", /empty name/, /:1:2/],
    ['{"permissions":{"defaultMode":"yolo"}}', "settings-unknown-value", /:1:17: "yolo"/, /acceptEdits/],
    ['{"effortLevel":"huge"}', "settings-unknown-value", /"huge" is no value of effortLevel/, /medium/],
  ])("%s", async (source, code, message, hint) => {
    const file = await put("user", source);
    const { problems } = await load();
    expect(problems).toMatchObject([
      { code, message: expect.stringContaining(file), hint: expect.stringMatching(hint) },
    ]);
    expect(problems[0]?.message).toMatch(message);
  });

  test.each(["", "{", "[]", "null", '{"a": 1,\n}'])("S8: %j is unreadable, by name", async (source) => {
    const file = await put("project", source);
    const settings = await load();
    expect(settings.problems).toMatchObject([
      { code: "settings-unreadable", message: expect.stringContaining(file) },
    ]);
    expect(settings.isClosed).toBe(true);
  });

  test("a fault in JSON names its line", async () => {
    await put("user", '{\n  "model": "m",\n}');
    expect((await load()).problems[0]?.message).toContain("line 3");
  });

  test("decision 6: what may have been a deny rule closes; a wrong model does not", async () => {
    for (const [content, isClosed] of [
      ['{"permisions":{"deny":[]}}', true],
      ['{"permissions":{"deny":[1]}}', true],
      ['{"model":1}', false],
      ['{"permissions":{"deny":["Bash"]}}', false],
    ] as const) {
      await put("user", content);
      expect((await load()).isClosed, content).toBe(isClosed);
    }
  });

  test("keys of the public format that claw does not use are named once for a file, and are no mistakes", async () => {
    await put("user", { statusLine: {}, outputStyle: "x", model: "m" });
    const file = await put("user .claude", {
      model: "opus",
      keyOfNextYear: 1,
      permissions: { keyOfNextYear: 2 },
    });
    const settings = await load();
    expect(settings.isClosed).toBe(false);
    expect(settings.get(modelSection)).toBe("m");
    expect(settings.problems.map(({ code }) => code)).toEqual(["settings-not-used", "settings-not-used"]);
    expect(settings.problems[0]?.message).toContain(file);
    for (const key of ["model", "keyOfNextYear", "permissions.keyOfNextYear"]) {
      expect(settings.problems[0]?.message).toContain(key);
    }
    expect(settings.problems[1]?.message).toMatch(/statusLine, outputStyle/);
  });

  test("any text at all gives settings and no rejection", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
        const settings = await load({ given: { text } });
        expect(Array.isArray(settings.problems)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe("S8: what stands in the place of a settings file", () => {
  const userLayer = async () => (await load()).layers.find(({ name }) => name === "user settings")?.content;

  test("nothing is no fault", async () => {
    expect(await userLayer()).toEqual({ type: "absent" });
  });

  test("class 25: a link to nothing, or from its folder, is not nothing", async () => {
    const file = files.user();
    await mkdir(dirname(file), { recursive: true });
    await symlink(join(folder, "not-mounted"), file);
    expect(await userLayer()).toMatchObject({
      type: "unreadable",
      fault: { message: expect.stringContaining("link to nothing") },
    });
    await rm(dirname(file), { recursive: true });
    await symlink(join(folder, "not-mounted"), dirname(file));
    expect(await load()).toMatchObject({ isClosed: true });
  });

  test("nothing in a folder that is a link is nothing", async () => {
    const file = files.user();
    await mkdir(join(folder, "kept-elsewhere"));
    await mkdir(dirname(dirname(file)), { recursive: true });
    await symlink(join(folder, "kept-elsewhere"), dirname(file));
    expect(await userLayer()).toEqual({ type: "absent" });
    await writeFile(file, "{}");
    expect(await userLayer()).toMatchObject({ type: "read" });
  });

  test("a device, a folder and a huge file are refused without being read", async () => {
    const file = files.user();
    await mkdir(dirname(file), { recursive: true });
    await symlink("/dev/zero", file);
    expect(await userLayer()).toMatchObject({ type: "unreadable", fault: { code: "settings-unreadable" } });
    await rm(file);
    await mkdir(file);
    expect(await userLayer()).toMatchObject({ type: "unreadable" });
    await rm(file, { recursive: true });
    await writeFile(file, "{}");
    await truncate(file, 1024 ** 3);
    expect(await userLayer()).toMatchObject({
      type: "unreadable",
      fault: { message: expect.stringContaining("larger") },
    });
  });
});

describe("remembered rules", () => {
  test("are added once, 0600 in a 0700 folder, and keep what else the file says", async () => {
    const file = rememberedSettingsFile(places());
    await rememberRules(file, ["Bash(npm test)"]);
    await rememberRules(file, ["Bash(npm test)", "Read"]);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({
      permissions: { allow: ["Bash(npm test)", "Read"] },
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(places().project)).mode & 0o777).toBe(0o700);
    await writeFile(file, '{"model":"m","permissions":{"deny":["Bash(rm *)"]}}');
    await chmod(file, 0o600);
    await rememberRules(file, ["Read"]);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({
      model: "m",
      permissions: { deny: ["Bash(rm *)"], allow: ["Read"] },
    });
  });

  test.each(["{ not json", '{"permissions":[]}', '{"permissions":{"allow":"Read"}}'])(
    "a file that cannot be understood is left as it is: %s",
    async (content) => {
      const file = await put("remembered", content);
      await expect(rememberRules(file, ["Read"])).rejects.toMatchObject({
        fault: { code: "settings-unreadable" },
      });
      expect(await readFile(file, "utf8")).toBe(content);
    },
  );
});
