import { shownPath } from "./shown-path.ts";
import type { WalkProblem } from "./walk.ts";

const mostNamed = 3;

/** Lines that tell a model what a walk could not look at. */
export function problemNotes(problems: readonly WalkProblem[], cwd: string): readonly string[] {
  const unreadable = problems.filter((problem) => problem.type === "unreadable");
  const cut = problems.find((problem) => problem.type === "cut");
  const more = unreadable.length - mostNamed;
  return [
    ...unreadable
      .slice(0, mostNamed)
      .map(({ path, reason }) => `(could not read ${shownPath(path, cwd)}: ${reason})`),
    ...(more > 0 ? [`(could not read ${more} more)`] : []),
    ...(cut === undefined ? [] : [`(stopped after ${cut.limit} entries: search a smaller folder)`]),
  ];
}
