import { rm, writeFile } from "node:fs/promises";
import { type JsonValue, plainText } from "@claw/agent-core";
import { createTaskRuntime, type TaskRuntime, type TaskRuntimeOptions } from "@claw/agent-tasks";
import type { AnyTool } from "@claw/agent-tools";
import { onTestFinished } from "vitest";
import { type BuiltinToolsOptions, builtinTools } from "../src/builtin-tools.ts";
import { localMachine } from "../src/machine/local-machine.ts";
import { type Called, callTool } from "./call-tool.ts";

/** The tools of one session on this computer, with its tasks, which end with the test. */
export interface TaskHarness {
  readonly tasks: TaskRuntime;
  readonly call: (name: string, input: JsonValue, signal?: AbortSignal) => Promise<Called>;
  /** What the next model request would be told. */
  readonly news: () => readonly string[];
  /** A shell command that waits until `go` is called, and what lets it go on. */
  readonly gate: () => { readonly wait: string; readonly go: () => Promise<unknown> };
  /** Resolves when the task has ended. */
  readonly ended: (id: string) => Promise<void>;
  /** Resolves when the task has said the text. */
  readonly said: (id: string, text: string) => Promise<void>;
}

export function taskHarness(
  options: { readonly runtime?: TaskRuntimeOptions; readonly bash?: BuiltinToolsOptions["bash"] } = {},
): TaskHarness {
  const tasks = createTaskRuntime(options.runtime);
  onTestFinished(() => tasks.close());
  const tools = builtinTools({
    machine: localMachine(),
    tasks,
    ...(options.bash === undefined ? {} : { bash: options.bash }),
  });
  const tool = (name: string): AnyTool => {
    const found = tools.find((each) => each.name === name);
    if (found === undefined) throw new Error(`There is no ${name}.`);
    return found;
  };
  return {
    tasks,
    call: (name, input, signal) =>
      callTool(tool(name), input, { cwd: "/tmp", ...(signal === undefined ? {} : { signal }) }),
    gate: () => {
      const file = `/tmp/claw-go-${process.pid}-${crypto.randomUUID()}`;
      onTestFinished(() => rm(file, { force: true }));
      return { wait: `until [ -e ${file} ]; do sleep 0.02; done`, go: () => writeFile(file, "") };
    },
    news: () => tasks.inbox().map(({ content }) => plainText(content)),
    ended: async (id) => {
      await tasks.wait(id, 60_000, new AbortController().signal);
    },
    said: (id, text) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!tasks.output(id, 0).text.includes(text)) return;
          forget();
          resolve();
        };
        const forget = tasks.onOutput(id, look);
        look();
      }),
  };
}
