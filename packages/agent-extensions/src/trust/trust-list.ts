import { join } from "node:path";
import { type Fault, FaultError, isJsonObject, type JsonValue } from "@claw/agent-core";
import { oneAtATime } from "../one-at-a-time.ts";
import { replacePrivateFile } from "../replace-private-file.ts";
import { readLayerFile } from "../settings/read-layer.ts";

/** A folder that the user trusts. */
export interface TrustedFolder {
  /** Its real path. */
  readonly folder: string;
  /** ISO 8601. */
  readonly since: string;
  /** The programs that it named then: see `programPin`. */
  readonly programs: string;
}

/** Where the list is kept: in the user's folder for Claw, 0600. */
export function trustListFile(claw: string): string {
  return join(claw, "trusted-folders.json");
}

/** The list; a fault where it cannot be read: then nothing is trusted. */
export async function readTrustList(claw: string): Promise<readonly TrustedFolder[] | Fault> {
  const file = trustListFile(claw);
  const content = await readLayerFile({ file });
  if (content.type === "absent") return [];
  const folders = content.type === "read" ? content.values["folders"] : undefined;
  if (!Array.isArray(folders) || !folders.every(isTrustedFolder)) return unreadable(file);
  return folders;
}

/** Trusts a folder with the programs that it names now. Rejects when the list cannot be read or written. */
export function addToTrustList(claw: string, added: TrustedFolder): Promise<void> {
  return oneAtATime(trustListFile(claw), async () => {
    const others = (await listed(claw)).filter(({ folder }) => folder !== added.folder);
    await write(claw, [...others, added]);
  });
}

/** Tells whether it was there. Rejects when the list cannot be read or written. */
export function removeFromTrustList(claw: string, folder: string): Promise<boolean> {
  return oneAtATime(trustListFile(claw), async () => {
    const before = await listed(claw);
    const after = before.filter((each) => each.folder !== folder);
    if (after.length === before.length) return false;
    await write(claw, after);
    return true;
  });
}

export function isTrustFault(list: readonly TrustedFolder[] | Fault): list is Fault {
  return "code" in list;
}

async function listed(claw: string): Promise<readonly TrustedFolder[]> {
  const list = await readTrustList(claw);
  if (isTrustFault(list)) throw new FaultError(list);
  return list;
}

function write(claw: string, folders: readonly TrustedFolder[]): Promise<void> {
  return replacePrivateFile(trustListFile(claw), `${JSON.stringify({ folders }, null, 2)}\n`);
}

function isTrustedFolder(value: JsonValue): value is JsonValue & TrustedFolder {
  if (!isJsonObject(value)) return false;
  return ["folder", "since", "programs"].every((key) => typeof value[key] === "string");
}

function unreadable(file: string): Fault<"trust-unreadable"> {
  return {
    code: "trust-unreadable",
    message: `The list of trusted folders in ${file} cannot be read, so no folder is trusted.`,
    hint: "Mend or remove the file.",
  };
}
