import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { permissionLevels, permissionModes, presets, providerNames, settingsSections } from "@claw/agent-sdk";
import { builtinToolNames } from "@claw/tools-builtin";
import { describe, expect, test } from "vitest";

/** The text of every test of the repository but this one. */
function allTests(): string {
  const roots = ["test", ...readdirSync("packages").map((name) => join("packages", name, "test"))];
  const texts = roots.flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith("registries.test.ts"))
      .map((file) => readFileSync(join(root, file), "utf8")),
  );
  return texts.join("\n");
}

/** The names in a union of string literals, as its source file lists them. */
function unionOf(file: string, type: string): readonly string[] {
  const source = readFileSync(file, "utf8");
  const start = source.indexOf(`type ${type} =`);
  const body = source.slice(start, source.indexOf(";", start)).replace(/\/\*\*[\s\S]*?\*\//g, "");
  return [...body.matchAll(/"([a-z][\w-]*)"/gi)].map((match) => match[1] ?? "");
}

/** The discriminators of the events, as `event.ts` lists them. */
function eventTypes(): readonly string[] {
  const source = readFileSync("packages/agent-core/src/event.ts", "utf8");
  return [...new Set([...source.matchAll(/readonly type: "([\w-]+)"/g)].map((match) => match[1] ?? ""))];
}

const core = "packages/agent-core/src";
const registries: Readonly<Record<string, readonly string[]>> = {
  "built-in tool": builtinToolNames,
  provider: providerNames,
  "permission mode": permissionModes,
  "permission level": permissionLevels,
  preset: Object.keys(presets),
  "settings key": settingsSections.flatMap(({ keys }) => keys).map((key) => key.split(".").at(-1) ?? key),
  "event type": eventTypes(),
  "run-end reason": [
    "completed",
    "max-turns",
    "budget",
    "cancelled",
    "refused",
    "awaiting-permission",
    "context-exhausted",
    "failed",
  ],
  "fault code of a model": unionOf(join(core, "model-fault.ts"), "ModelFaultCode"),
  "fault code of a proxy": unionOf(join(core, "proxy-fault.ts"), "ProxyFaultCode"),
  "fault code of a tool": unionOf(join(core, "outcome.ts"), "ToolFaultCode"),
  "fault code of a journal": unionOf(join(core, "ports/journal.ts"), "JournalFaultCode"),
  "fault code of a machine": unionOf(join(core, "ports/machine.ts"), "MachineFaultCode"),
};

describe("nothing is offered that no test names", () => {
  const tests = allTests();
  test.each(Object.entries(registries))("every %s", (_kind, names) => {
    expect(names.length).toBeGreaterThan(2);
    const unnamed = names.filter((name) => !new RegExp(`\\b${name}\\b`).test(tests));
    expect(unnamed).toEqual([]);
  });
});

describe("docs/security.md", () => {
  const rows = readFileSync("docs/security.md", "utf8")
    .split("\n")
    .filter((line) => /^\| \d+ \|/.test(line))
    .map((line) => ({
      threat: Number(line.split("|")[1]),
      cited: [...line.matchAll(/`(\S+\.test\.ts)` "([^"]+)"/g)],
    }));

  test.each(rows)("names tests that exist for threat class $threat", ({ cited }) => {
    expect(cited.length).toBeGreaterThan(0);
    const missing = cited.filter(([, file = "", title = ""]) => !readFileSync(file, "utf8").includes(title));
    expect(missing.map(([citation]) => citation)).toEqual([]);
  });

  test("names each threat class once", () => {
    const threats = rows.map(({ threat }) => threat);
    expect(new Set(threats).size).toBe(threats.length);
    expect(threats.length).toBeGreaterThanOrEqual(24);
  });
});

test("every settings key stands in docs/settings.md", () => {
  const page = readFileSync("docs/settings.md", "utf8");
  const missing = settingsSections.flatMap(({ keys }) => keys).filter((key) => !page.includes(`\`${key}\``));
  expect(missing).toEqual([]);
});
