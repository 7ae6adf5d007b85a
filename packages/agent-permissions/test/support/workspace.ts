import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { lstat, opendir, readlink, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PathFacts } from "../../src/index.ts";

/** A real folder on disk with a workspace, something outside it, and links that lead from one to the other. */
export interface Workspace {
  /** The workspace itself. */
  readonly root: string;
  readonly outside: string;
  readonly home: string;
  readonly remove: () => void;
}

export function makeWorkspace(): Workspace {
  const top = realpathSync(mkdtempSync(path.join(tmpdir(), "permissions-")));
  const root = path.join(top, "ws");
  const outside = path.join(top, "ws-sibling");
  const home = path.join(top, "home");
  for (const folder of [".git/hooks", ".claude", "src/deep", "secrets", "sub", "plain"]) {
    mkdirSync(path.join(root, folder), { recursive: true });
  }
  for (const folder of [path.join(outside, "inner"), path.join(home, ".ssh")]) {
    mkdirSync(folder, { recursive: true });
  }
  const files = [
    "a.ts",
    "b.ts",
    "README.md",
    ".env",
    ".env.example",
    "src/x.ts",
    "secrets/key.txt",
    "plain/1.txt",
  ];
  for (const file of files) writeFileSync(path.join(root, file), file);
  writeFileSync(path.join(outside, "secret.txt"), "secret");
  symlinkSync(outside, path.join(root, "link-out"));
  symlinkSync(path.join(outside, "secret.txt"), path.join(root, "linked.md"));
  symlinkSync(path.join(outside, "not-there.txt"), path.join(root, "dangling"));
  symlinkSync(path.join(root, "src"), path.join(root, "link-in"));
  symlinkSync(root, path.join(top, "ws-link"));
  return { root, outside, home, remove: () => rmSync(top, { recursive: true }) };
}

/** The facts as a machine gives them: every link followed, dangling ones too. */
export const diskFacts: PathFacts = {
  realpath: (target) => resolved(target, 0),
  async *list(folder) {
    for await (const entry of await opendir(folder)) {
      const type = entry.isSymbolicLink()
        ? "link"
        : entry.isDirectory()
          ? "directory"
          : entry.isFile()
            ? "file"
            : "other";
      yield { name: entry.name, type };
    }
  },
};

async function resolved(target: string, depth: number): Promise<string> {
  if (depth > 40) throw new Error("too many links");
  try {
    return await realpath(target);
  } catch {
    const parent = await resolved(path.dirname(target), depth + 1);
    const here = path.join(parent, path.basename(target));
    const isLink = await lstat(here).then(
      (stat) => stat.isSymbolicLink(),
      () => false,
    );
    return isLink ? resolved(path.resolve(parent, await readlink(here)), depth + 1) : here;
  }
}
