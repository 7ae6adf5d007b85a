import { lstatSync, realpathSync, unlinkSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Survey } from "./guards.ts";
import { isWithin } from "./is-within.ts";

/**
 * What a command left in the tree that must not be followed or run unseen, one sentence each. What it made in a place
 * that could not be held is removed.
 */
export function leftovers(before: Survey, after: Survey, roots: readonly string[]): readonly string[] {
  const told: string[] = [];
  for (const path of before.unheld)
    if (remove(path)) told.push(`${shown(path)} was removed: it redirects git.`);
  for (const [path, now] of after.found) {
    if (before.found.get(path) === now) continue;
    const what = before.found.has(path) ? "was replaced" : "is new";
    told.push(`${shown(path)} ${what}: it decides what other programs run.`);
  }
  for (const [path, target] of after.links) {
    if (before.links.get(path) === target) continue;
    const end = leadsTo(path, target);
    if (roots.some((root) => isWithin(root, end))) continue;
    told.push(`${shown(path)} is a new link that leads out of the workspace, to ${shown(end)}.`);
  }
  return told.length <= mostTold
    ? told
    : [...told.slice(0, mostTold), `And ${told.length - mostTold} more such files.`];
}

const mostTold = 8;

/** Not through a link that the command put into the path: that could lead to a file of somebody else. */
function remove(path: string): boolean {
  try {
    lstatSync(path);
    if (realpathSync(dirname(path)) !== dirname(path)) return false;
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}

function leadsTo(path: string, target: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(dirname(path), target);
  }
}

/** With what could deceive in a terminal escaped. */
function shown(path: string): string {
  return JSON.stringify(path).replace(/[^\x20-\x7e]/gu, (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`);
}
