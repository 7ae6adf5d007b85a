import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { thrownText } from "@claw/agent-core";
import { sandboxFault } from "../sandbox-fault.ts";
import { exclusively } from "./exclusively.ts";
import type { Missing } from "./guards.ts";
import { placePlaceholder, removePlaceholder } from "./placeholder.ts";
import { isGone, processName } from "./process-state.ts";

/**
 * Places that are held while commands run. A mount needs something to lie on, so for what is missing something empty
 * is created, and removed when the last command that needs it is done: removing it earlier would take the mount away
 * from the others. Who needs what is noted in a file each, so that the next one removes what a killed process left.
 */
export interface HeldPlaces {
  /** Those that could be held; the others are where nobody of this user can create anything. */
  readonly paths: readonly string[];
  readonly release: () => Promise<void>;
}

/** @param folder of the notes: made when missing, 0700. Rejects with the fault `sandbox` where it cannot be written. */
export async function holdPlaces(folder: string, missing: readonly Missing[]): Promise<HeldPlaces> {
  const wanted = missing.map(({ path }) => path);
  const note = join(folder, `${processName(process.pid)}.${randomBytes(6).toString("hex")}`);
  const paths = await exclusively(folder, () => {
    noteDown(folder, note, wanted);
    tidy(folder);
    return missing.filter(placePlaceholder).map(({ path }) => path);
  });
  return {
    paths,
    release: () =>
      exclusively(folder, () => {
        remove(note);
        const needed = tidy(folder);
        for (const path of wanted) if (!needed.has(path)) removePlaceholder(path);
      }),
  };
}

/** Without a note a killed process would leave its places behind for good. */
function noteDown(folder: string, note: string, wanted: readonly string[]): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(note, JSON.stringify(wanted), { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw sandboxFault(
      `The command was not run: what the sandbox needs to keep in ${folder} cannot be written: ${thrownText(error)}.`,
      "Make room there and make it writable, or set CLAW_HOME to another folder.",
    );
  }
}

/** Removes what killed processes left. Never rejects. */
export async function tidyPlaces(folder: string): Promise<void> {
  await exclusively(folder, () => tidy(folder)).catch(() => undefined);
}

/** Forgets processes that are gone, with their placeholders. @returns the paths that the others need. */
function tidy(folder: string): ReadonlySet<string> {
  const needed = new Set<string>();
  const left = new Set<string>();
  for (const name of namesIn(folder)) {
    const note = join(folder, name);
    const gone = isGone(name);
    for (const path of pathsIn(note)) (gone ? left : needed).add(path);
    if (gone) remove(note);
  }
  for (const path of left) if (!needed.has(path)) removePlaceholder(path);
  return needed;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function pathsIn(note: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(readFileSync(note, "utf8"));
    return Array.isArray(value) ? value.filter((path) => typeof path === "string") : [];
  } catch {
    return [];
  }
}

function remove(note: string): void {
  try {
    unlinkSync(note);
  } catch {
    // It is gone.
  }
}
