import { readFile } from "node:fs/promises";
import { isJsonObject, type JsonValue } from "@claw/agent-core";
import type { ConfiguredServer } from "../config/server-definition.ts";
import { replacePrivateFile } from "../replace-private-file.ts";

/** What its user said of the servers of a workspace, each pinned to the definition that was looked at. */
export interface Approvals {
  /** `changed`: its user decided, and it has been written anew since. */
  readonly of: (server: ConfiguredServer) => Promise<Approval>;
  readonly approve: (server: ConfiguredServer) => Promise<void>;
  readonly decline: (server: ConfiguredServer) => Promise<void>;
}

export type Approval = "approved" | "declined" | "changed" | "unknown";

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

  async function keep(name: string, decided: JsonValue): Promise<void> {
    await replacePrivateFile(file, `${JSON.stringify({ ...(await load()), [name]: decided }, null, 2)}\n`);
  }

  return {
    of: async ({ name, hash }) => {
      const decided = Object.entries(await load()).find(([key]) => key === name)?.[1];
      if (decided === hash) return "approved";
      if (!isJsonObject(decided)) return typeof decided === "string" ? "changed" : "unknown";
      return decided["declined"] === hash ? "declined" : "changed";
    },
    approve: ({ name, hash }) => keep(name, hash),
    decline: ({ name, hash }) => keep(name, { declined: hash }),
  };
}
