import type { Task } from "./task.ts";

/** What of a task's output is in which file, as the end of a sentence; `undefined` where there is none. */
export function outputPlace({ output, outputBytes, outputDropped }: Task): string | undefined {
  if (output === undefined) return undefined;
  if (outputDropped === undefined) return `what is kept of it is in ${output}`;
  if (outputDropped === 0) return `all of it is in ${output}`;
  return `the first ${outputBytes - outputDropped} bytes are in ${output}`;
}
