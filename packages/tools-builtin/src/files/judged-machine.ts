import { posix, win32 } from "node:path";
import type { Machine } from "@claw/agent-core";
import type { ToolContext } from "@claw/agent-tools";
import { movedSince } from "../machine/moved-since.ts";

/**
 * The machine as one call may use it: a path that was judged, and whatever lies below it, is what it led to then. A link
 * that stands in it since is not followed but rejected with `moved`. Paths that were not judged stay as they are.
 */
export function judgedMachine(machine: Machine, { effects }: Pick<ToolContext, "effects">): Machine {
  const places = effects.flatMap((effect) =>
    (effect.type === "read" || effect.type === "write") && effect.target !== undefined
      ? [
          { path: effect.path, target: effect.target },
          { path: effect.target, target: effect.target },
        ]
      : [],
  );
  if (places.length === 0) return machine;
  const files = machine.unlinked ?? checkedFirst(machine);
  const judged = (path: string): string | undefined => {
    for (const place of places) {
      const target = placeOf(path, place);
      if (target !== undefined) return target;
    }
    return undefined;
  };
  return {
    realpath: (path, signal) => machine.realpath(path, signal),
    stat: (path, signal) => pick(path, (use, at) => use.stat(at, signal)),
    read: (path, range, signal) => pick(path, (use, at) => use.read(at, range, signal)),
    write: (path, bytes, options, signal) => pick(path, (use, at) => use.write(at, bytes, options, signal)),
    list: (path, signal) => pick(path, (use, at) => use.list(at, signal)),
    exec: (request, signal) => {
      const cwd = judged(request.cwd);
      if (cwd === undefined) return machine.exec(request, signal);
      return machine.exec({ ...request, cwd, argv: inside(cwd, request.argv) }, signal);
    },
  };

  function pick<Result>(path: string, act: (use: Files, at: string) => Result): Result {
    const target = judged(path);
    return target === undefined ? act(machine, path) : act(files, target);
  }
}

/** Where a path of the call led when it was judged; the path itself where that is not known. */
export function judgedTarget({ effects }: Pick<ToolContext, "effects">, path: string): string {
  for (const effect of effects) {
    if ((effect.type === "read" || effect.type === "write") && effect.path === path) {
      return effect.target ?? path;
    }
  }
  return path;
}

type Files = NonNullable<Machine["unlinked"]>;

/** Of the path itself, of what lies below it, and of the folder that it is in. */
function placeOf(
  path: string,
  judged: { readonly path: string; readonly target: string },
): string | undefined {
  const { join, relative, dirname, basename, isAbsolute } = judged.path.startsWith("/") ? posix : win32;
  const below = relative(judged.path, path);
  if (below === "") return judged.target;
  if (below === "..") {
    return basename(judged.path) === basename(judged.target) ? dirname(judged.target) : undefined;
  }
  return below.startsWith("..") || isAbsolute(below) ? undefined : join(judged.target, below);
}

/** For machines that can only be asked: a change between the question and the work is not seen. */
function checkedFirst(machine: Machine): Files {
  const check = async (path: string, signal: AbortSignal): Promise<void> => {
    if ((await machine.realpath(path, signal)) === path) return;
    throw movedSince(path);
  };
  return {
    stat: (path, signal) => check(path, signal).then(() => machine.stat(path, signal)),
    write: (path, bytes, options, signal) =>
      check(path, signal).then(() => machine.write(path, bytes, options, signal)),
    async *read(path, range, signal) {
      await check(path, signal);
      yield* machine.read(path, range, signal);
    },
    async *list(path, signal) {
      await check(path, signal);
      yield* machine.list(path, signal);
    },
  };
}

/**
 * A program that starts only if the folder that it stands in is still the judged one: asked when it stands there, so
 * that a change of the path comes too late.
 */
function inside(folder: string, argv: readonly [string, ...string[]]): readonly [string, ...string[]] {
  if (!folder.startsWith("/")) return argv;
  return ["/bin/sh", "-c", `[ "$(pwd -P)" = "$0" ] || exit ${movedExit}; exec "$@"`, folder, ...argv];
}

/** What a program run by `inside` exits with when its folder is another one now. */
export const movedExit = 125;
