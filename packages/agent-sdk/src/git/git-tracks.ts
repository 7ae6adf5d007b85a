import { dirname, join, relative, resolve } from "node:path";
import type { Machine } from "@claw/agent-core";

const maxIndex = 64 * 1024 * 1024;

/**
 * Whether the repository around a file has it in its index; rejects where that cannot be known. In an index of version 4, and in
 * one that is spread over files, names do not stand whole: then the answer is yes.
 */
export async function gitTracks(machine: Machine, file: string, signal: AbortSignal): Promise<boolean> {
  const found = await repositoryAround(machine, dirname(file), signal);
  if (found === undefined) return false;
  const index = join(found.git, "index");
  const stat = await machine.stat(index, signal);
  if (stat === undefined) return false;
  if (stat.type !== "file" || stat.size > maxIndex) throw new Error(`${index} is no ordinary file`);
  const bytes = await bytesOf(machine, index, signal);
  if (bytes.length < 12 || bytes.readUInt32BE(4) > 3 || bytes.includes("link\0")) return true;
  return hasName(bytes, Buffer.from(relative(found.root, file).replaceAll("\\", "/")));
}

/** An entry is its name with a NUL behind it, and before it two bytes of flags that end with its length. */
function hasName(bytes: Buffer, name: Buffer): boolean {
  const wanted = Buffer.concat([name, Buffer.of(0)]);
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) {
    const flags = [at - 2, at - 4].filter((place) => place >= 12).map((place) => bytes.readUInt16BE(place));
    if (flags.some((one) => (one & 0xfff) === Math.min(name.length, 0xfff))) return true;
  }
  return false;
}

async function repositoryAround(
  machine: Machine,
  folder: string,
  signal: AbortSignal,
): Promise<{ readonly root: string; readonly git: string } | undefined> {
  for (let place = folder; ; place = dirname(place)) {
    const git = join(place, ".git");
    const type = (await machine.stat(git, signal))?.type;
    if (type === "directory") return { root: place, git };
    if (type === "file") {
      const text = (await bytesOf(machine, git, signal)).toString("utf8");
      const named = /^gitdir:\s*(.+?)\s*$/m.exec(text)?.[1];
      return { root: place, git: named === undefined ? git : resolve(place, named) };
    }
    if (place === dirname(place)) return undefined;
  }
}

async function bytesOf(machine: Machine, file: string, signal: AbortSignal): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const bytes of machine.read(file, {}, signal)) pieces.push(bytes);
  return Buffer.concat(pieces);
}
