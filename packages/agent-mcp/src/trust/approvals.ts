import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isJsonObject, type JsonValue } from "@claw/agent-core";
import type { ConfiguredServer } from "../config/server-definition.ts";

/** The servers of a workspace that its user approved, each pinned to the definition that was looked at. */
export interface Approvals {
  /** `changed`: it was approved, and has been written anew since. */
  readonly of: (server: ConfiguredServer) => Promise<"approved" | "changed" | "unknown">;
  readonly approve: (server: ConfiguredServer) => Promise<void>;
}

/** In one file of the user, 0600 in a 0700 folder. One that cannot be read approves nothing. */
export function approvalFile(file: string): Approvals {
  async function load(): Promise<Readonly<Record<string, JsonValue>>> {
    try {
      const value: JsonValue = JSON.parse(await readFile(file, "utf8"));
      return isJsonObject(value) ? value : {};
    } catch {
      return {};
    }
  }

  return {
    of: async ({ name, hash }) => {
      const pinned = (await load())[name];
      if (pinned === hash) return "approved";
      return typeof pinned === "string" ? "changed" : "unknown";
    },
    approve: async ({ name, hash }) => {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      const temporary = `${file}.${randomUUID()}`;
      const text = `${JSON.stringify({ ...(await load()), [name]: hash }, null, 2)}\n`;
      await writeFile(temporary, text, { mode: 0o600, flag: "wx" });
      await rename(temporary, file);
    },
  };
}
