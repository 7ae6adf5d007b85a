import { readFile } from "node:fs/promises";
import { permissionModes as modes, permissionLevels, providerNames } from "@claw/agent-sdk";
import { expect, test } from "vitest";
import { permissionModes, permissions, providers } from "../src/flags/option-table.ts";
import { version } from "../src/version.ts";

test("the values of the flags are those of the SDK", () => {
  expect(permissions).toEqual(permissionLevels);
  expect(permissionModes).toEqual(modes);
  expect(providers).toEqual(providerNames);
});

test("the version is the one of the manifest", async () => {
  const manifest = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
  expect(version).toBe(manifest.version);
});
