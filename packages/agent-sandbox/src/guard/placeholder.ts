import {
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  unlinkSync,
} from "node:fs";
import type { Missing } from "./guards.ts";

/** Modes that nobody else gives, so that one of ours is known whoever left it: an empty folder, an empty file. */
const folderMode = 0o1555;
const fileMode = 0o1444;

/** Something empty where something must not be created; a mount goes over it. `false` where it cannot be had. */
export function placePlaceholder({ path, as }: Missing): boolean {
  try {
    if (as === "folder") mkdirSync(path, folderMode);
    else closeSync(openSync(path, "wx", fileMode));
    chmodSync(path, as === "folder" ? folderMode : fileMode);
    return true;
  } catch {
    return isThere(path);
  }
}

/** Whether what lies there is one of ours. */
export function isPlaceholder(path: string): boolean {
  try {
    const stat = lstatSync(path);
    const mode = stat.mode & 0o7777;
    if (stat.isDirectory()) return mode === folderMode && readdirSync(path).length === 0;
    return stat.isFile() && mode === fileMode && stat.size === 0;
  } catch {
    return false;
  }
}

/** Removes one of ours. What somebody put something into, or in its place, stays. */
export function removePlaceholder(path: string): void {
  if (!isPlaceholder(path)) return;
  try {
    if (lstatSync(path).isDirectory()) rmdirSync(path);
    else unlinkSync(path);
  } catch {
    // Somebody was faster, or it may not be removed: then it was not ours.
  }
}

function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
