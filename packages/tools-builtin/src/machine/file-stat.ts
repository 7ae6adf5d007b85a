import type { BigIntStats } from "node:fs";
import type { FileStat } from "@claw/agent-core";

/** The facts of a file. Its version holds the inode too, so that a replacement of the same size and time shows. */
export function fileStat(stats: BigIntStats): FileStat {
  return {
    type: stats.isFile() ? "file" : stats.isDirectory() ? "directory" : "other",
    size: Number(stats.size),
    modifiedAt: Number(stats.mtimeMs),
    mode: Number(stats.mode & 0o7777n),
    links: Number(stats.nlink),
    identity: `${stats.dev}:${stats.ino}`,
    version: `${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`,
  };
}
