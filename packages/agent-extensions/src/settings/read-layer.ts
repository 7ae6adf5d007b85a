import { constants, existsSync, lstatSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { type Fault, isJsonObject, type JsonValue } from "@claw/agent-core";
import type { SettingsFile, SettingsLayer } from "./settings-layer.ts";
import { lineOfFault } from "./source-position.ts";

/** A larger settings file is not read. */
const maxBytes = 2 * 1024 * 1024;

/** Reads one settings file. Whatever stands in its place, it never hangs and never rejects. */
export async function readLayerFile({ file }: Pick<SettingsFile, "file">): Promise<SettingsLayer["content"]> {
  // Most places have none, and one look tells: an opening that fails takes much longer.
  if (isAbsent(file)) return { type: "absent" };
  try {
    // Not to hang on a pipe that somebody left in the place of the file.
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) return unreadable(file, "it is not a regular file");
    if (stat.size > maxBytes) return unreadable(file, `it is larger than ${maxBytes} bytes`);
    return await parseLayer(await handle.readFile("utf8"), file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOTDIR") return { type: "absent" };
    // Somebody keeps the file elsewhere, and what it denies is not known.
    if (code === "ENOENT") return unreadable(file, "it is a link to nothing");
    return unreadable(file, error instanceof Error ? error.message : "unknown error");
  }
}

/** There is no such name, and its folder is no link to nothing either. */
function isAbsent(file: string): boolean {
  return !isEntry(file) && !(isEntry(dirname(file)) && !existsSync(dirname(file)));
}

/** What cannot be looked at may be there. */
function isEntry(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** Reads the text of a settings file. */
export async function parseLayer(text: string, file: string): Promise<SettingsLayer["content"]> {
  const source = text.replace(/^\uFEFF/, "");
  let values: JsonValue;
  try {
    values = JSON.parse(source);
  } catch (error) {
    const line = await lineOfFault(source);
    const why = error instanceof Error ? error.message : "unknown error";
    return unreadable(file, `it is not JSON${line === undefined ? "" : `, line ${line}`}: ${why}`);
  }
  if (!isJsonObject(values)) return unreadable(file, "it must hold a JSON object");
  return { type: "read", values, source };
}

function unreadable(file: string, why: string): SettingsLayer["content"] {
  return { type: "unreadable", fault: unreadableFault(file, why) };
}

/** A settings file whose content cannot be known. */
export function unreadableFault(file: string, why: string): Fault<"settings-unreadable"> {
  return {
    code: "settings-unreadable",
    message: `The settings in ${file} cannot be read: ${why}.`,
    hint: "Mend or move the file. Until then everything that has an effect is asked about.",
  };
}
