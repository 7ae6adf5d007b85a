import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  isFault,
  loadSettings,
  parseSettings,
  rememberedSettingsFile,
  rememberRules,
} from "@claw/agent-extensions";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claw-settings-"));
  await mkdir(join(folder, "work", ".claw"), { recursive: true });
  await mkdir(join(folder, "home"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const places = () => ({
  home: join(folder, "home"),
  project: join(folder, "home", "projects", "work"),
  cwd: join(folder, "work"),
});

describe("a settings file", () => {
  test("is read with its permissions, provider and model", () => {
    const settings = parseSettings(
      '\uFEFF{"provider":"ollama","model":"m","permissions":{"allow":["Read"],"defaultMode":"plan","additionalDirectories":["/x"]}}',
      "file",
    );
    expect(settings).toEqual({
      provider: "ollama",
      model: "m",
      permissions: { allow: ["Read"], ask: [], deny: [], additionalDirectories: ["/x"], defaultMode: "plan" },
    });
  });

  test("with an unknown key is refused, and the known ones are listed", () => {
    expect(parseSettings('{"permision":{}}', "file")).toMatchObject({
      code: "settings-unknown-key",
      message: expect.stringContaining('"permision"'),
      hint: expect.stringContaining("permissions"),
    });
    expect(parseSettings('{"permissions":{"alow":[]}}', "file")).toMatchObject({
      code: "settings-unknown-key",
    });
  });

  test.each([
    "",
    "{",
    "[]",
    "null",
    '{"permissions":[]}',
    '{"permissions":{"deny":"Bash"}}',
    '{"model":1}',
    '{"permissions":{"allow":[1]}}',
  ])("S8: %j is unreadable, by name", (source) => {
    expect(parseSettings(source, "the-file")).toMatchObject({
      code: "settings-unreadable",
      message: expect.stringContaining("the-file"),
    });
  });

  test("any text at all gives settings or a fault", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (source) => {
        const settings = parseSettings(source, "file");
        expect(isFault(settings) || Array.isArray(settings.permissions.deny)).toBe(true);
      }),
    );
  });
});

describe("S8: what stands in the place of a settings file", () => {
  const userLayer = async () => (await loadSettings(places()))[0]?.content;

  test("nothing is no fault", async () => {
    expect(await userLayer()).toEqual({ type: "absent" });
  });

  test("a device, a folder and a huge file are refused without being read", async () => {
    const file = join(folder, "home", "settings.json");
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

  test("the file inside the workspace is not trusted, and the user's are", async () => {
    const layers = await loadSettings(places());
    expect(layers.map(({ trusted, file }) => [trusted, file.startsWith(places().cwd)])).toEqual([
      [true, false],
      [false, true],
      [true, false],
    ]);
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

  test("a file that cannot be understood is left as it is", async () => {
    const file = rememberedSettingsFile(places());
    await mkdir(places().project, { recursive: true });
    await writeFile(file, "{ not json");
    await expect(rememberRules(file, ["Read"])).rejects.toMatchObject({
      fault: { code: "settings-unreadable" },
    });
    expect(await readFile(file, "utf8")).toBe("{ not json");
  });
});
