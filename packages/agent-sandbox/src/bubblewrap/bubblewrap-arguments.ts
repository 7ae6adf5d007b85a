import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { SandboxPolicy } from "@claw/agent-core";
import { canonical } from "../canonical.ts";
import type { Guards } from "../guard/guards.ts";
import { isWithin } from "../guard/is-within.ts";

/** The flags of bubblewrap, up to the command. A later mount covers an earlier one. */
export function bubblewrapArguments(
  boundary: SandboxPolicy,
  guards: Pick<Guards, "pinned" | "readOnly">,
  held: readonly string[],
): readonly string[] {
  const { workspace, writable, temporary } = boundary;
  const open = [...workspace, ...writable].sort(outerFirst);
  const kept = [...guards.readOnly, ...boundary.readOnly].map(canonical).filter((path) => path !== undefined);
  return [
    ...isolation,
    ...(boundary.network === "off" ? ["--unshare-net"] : []),
    ...["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"],
    ...(temporary === undefined ? ["--tmpfs", "/tmp"] : ["--bind", temporary, "/tmp"]),
    ...open.flatMap((path) => ["--bind", path, path]),
    ...[...guards.pinned, ...around(open, [...boundary.readOnly, ...boundary.unreadable])]
      .sort(outerFirst)
      .flatMap((path) => ["--bind", path, path]),
    ...[...kept, ...held].filter((path) => isOpen(open, path)).flatMap((path) => ["--ro-bind", path, path]),
    ...boundary.unreadable.flatMap((path) => hidden(path, boundary.readable ?? [])),
    ...["--seccomp", "3", "--"],
  ];
}

/**
 * Its own users, processes, messages and host name; dies with us; has no terminal and no capability. Control groups
 * where the system has them.
 */
const isolation: readonly string[] = [
  "--unshare-user",
  "--unshare-pid",
  "--unshare-ipc",
  "--unshare-uts",
  "--unshare-cgroup-try",
  "--die-with-parent",
  "--new-session",
  ...["--cap-drop", "ALL"],
];

function outerFirst(left: string, right: string): number {
  return left.length - right.length;
}

/**
 * The folders around these, up to the open ones: a mount cannot be moved aside with what is held inside. What a survey
 * finds deeper inside may go with its folder, as people move repositories; it is told of.
 */
function around(open: readonly string[], paths: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const each of paths) {
    for (let path = dirname(each); isOpen(open, path) && !open.includes(path); path = dirname(path))
      found.add(path);
  }
  return [...found];
}

/** Elsewhere all is read-only already, and a mount would bring a hidden place back. */
function isOpen(open: readonly string[], path: string): boolean {
  return open.some((root) => isWithin(root, path)) && existsSync(path);
}

/** Nothing in it can be listed or opened, but for what is brought back. */
function hidden(path: string, readable: readonly string[]): readonly string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return ["--ro-bind", "/dev/null", path];
  }
  const back = readable.filter((each) => each !== path && isWithin(path, each));
  return [
    ...["--perms", back.length === 0 ? "0000" : "0111", "--tmpfs", path],
    ...back.flatMap((each) => ["--ro-bind", each, each]),
    ...["--remount-ro", path],
  ];
}
