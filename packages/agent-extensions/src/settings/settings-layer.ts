import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { Fault } from "@claw/agent-core";
import { isFault, parseSettings, unreadable } from "./parse-settings.ts";
import type { Settings } from "./settings.ts";

/** One settings file, as it was found. */
export interface SettingsLayer {
  /** As it is named to people, such as "user settings". */
  readonly name: string;
  readonly file: string;
  /** What a rule's path that begins with `/` is relative to. */
  readonly root: string;
  /** A layer that is not trusted can only tighten: its deny and ask rules count, and nothing else. */
  readonly trusted: boolean;
  readonly content:
    | { readonly type: "absent" }
    | { readonly type: "read"; readonly settings: Settings }
    | { readonly type: "unreadable"; readonly fault: Fault };
}

/** A larger settings file is not read. */
const maxBytes = 2 * 1024 * 1024;

export async function readSettingsLayer(layer: Omit<SettingsLayer, "content">): Promise<SettingsLayer> {
  return { ...layer, content: await readContent(layer.file) };
}

async function readContent(file: string): Promise<SettingsLayer["content"]> {
  try {
    // Not to hang on a pipe that somebody left in the place of the file.
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) return refused(file, "it is not a regular file");
    if (stat.size > maxBytes) return refused(file, `it is larger than ${maxBytes} bytes`);
    const settings = parseSettings(await handle.readFile("utf8"), file);
    return isFault(settings) ? { type: "unreadable", fault: settings } : { type: "read", settings };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return { type: "absent" };
    return refused(file, error instanceof Error ? error.message : "unknown error");
  }
}

function refused(file: string, why: string): SettingsLayer["content"] {
  return { type: "unreadable", fault: unreadable(file, why) };
}
