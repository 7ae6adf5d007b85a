import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadSettings, mergeSandboxSettings, type Settings, sandboxSection } from "@claw/agent-extensions";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claw-sandbox-settings-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Settings with what each file says about the sandbox. */
async function load(
  said: { readonly user?: unknown; readonly project?: unknown },
  trusted = true,
): Promise<Settings> {
  const files = {
    user: join(folder, "claw", "settings.json"),
    project: join(folder, "work", ".claw", "settings.json"),
  };
  for (const [name, file] of Object.entries(files)) {
    await mkdir(dirname(file), { recursive: true });
    const sandbox: unknown = Reflect.get(said, name);
    await writeFile(file, JSON.stringify(sandbox === undefined ? {} : { sandbox }));
  }
  const places = {
    home: join(folder, "home"),
    claw: join(folder, "claw"),
    project: join(folder, "claw", "projects", "work"),
    cwd: join(folder, "work"),
    managed: [],
  };
  return loadSettings({ places, sections: [sandboxSection], trusted });
}

const everything = {
  enabled: true,
  required: true,
  autoAllow: true,
  allowUnsandboxedCommands: true,
  excludedCommands: ["docker *"],
  filesystem: {
    allowWrite: ["~/cache"],
    denyWrite: ["vendor"],
    denyRead: ["~/notes"],
    allowRead: ["~/notes/a"],
  },
  network: { enabled: true, allowedDomains: ["a.example"] },
  backend: "sandbox-runtime",
};

test("the user may say everything, under the names of the public format too", async () => {
  expect((await load({ user: everything })).get(sandboxSection)).toEqual(everything);
  const aliases = { failIfUnavailable: true, autoAllowBashIfSandboxed: false };
  expect((await load({ user: aliases })).get(sandboxSection)).toEqual({ required: true, autoAllow: false });
});

test.each([true, false])("class 27: a workspace can only tighten it (trusted: %s)", async (trusted) => {
  const settings = await load({ project: everything }, trusted);
  expect(settings.get(sandboxSection)).toEqual({
    filesystem: { denyWrite: ["vendor"], denyRead: ["~/notes"] },
    network: {},
  });
  const strict = { autoAllow: false, allowUnsandboxedCommands: false, network: { enabled: false } };
  expect((await load({ user: everything, project: strict }, trusted)).get(sandboxSection)).toMatchObject({
    enabled: true,
    ...strict,
  });
});

test("what is wrong is told, key by key; keys of the public format that mean nothing here are not", async () => {
  const { problems } = await load({
    user: {
      enabled: "yes",
      excludedCommands: "docker",
      backend: "gvisor",
      network: { enabld: true, allowUnixSockets: [] },
    },
  });
  const texts = problems.map(({ message, hint }) => `${message} ${hint ?? ""}`).join("\n");
  for (const key of [
    "sandbox.enabled",
    "sandbox.excludedCommands",
    "sandbox.backend",
    "sandbox.network.enabld",
  ]) {
    expect(texts).toContain(key);
  }
  expect(problems.filter(({ code }) => code !== "settings-not-used")).toHaveLength(4);
});

test("lists of several files are joined, of the rest the stronger counts", () => {
  const weaker = { enabled: true, autoAllow: true, filesystem: { denyRead: ["a"] }, excludedCommands: ["x"] };
  const stronger = { autoAllow: false, filesystem: { denyRead: ["b", "a"], allowWrite: ["c"] } };
  expect(mergeSandboxSettings(weaker, stronger)).toEqual({
    enabled: true,
    autoAllow: false,
    excludedCommands: ["x"],
    filesystem: { denyRead: ["a", "b"], allowWrite: ["c"] },
  });
});
