import {
  type AgentEvent,
  type Content,
  linkedAbort,
  type Run,
  type RunResult,
  toFault,
} from "@claw/agent-core";
import type { RunOptions } from "./agent.ts";
import type { AgentOptions } from "./agent-options.ts";
import { createAgent } from "./create-agent.ts";

export interface QueryOptions extends AgentOptions, RunOptions {
  readonly prompt: string | Content;
}

/** A run that puts its agent together first, and closes it at the end. */
export type Query = Omit<Run, "id" | "observe" | "spend" | "notice">;

/**
 * One prompt, one run, nothing kept open. Iterate it for the events or await its `result`. When the agent cannot be
 * put together (no key, no server, unreadable session) iterating throws the `FaultError`, and `result` has it as the
 * `error` of a failed end.
 */
export function query({ prompt, signal, ...options }: QueryOptions): Query {
  const link = linkedAbort(signal);
  const early: (string | Content)[] = [];
  let live: Run | undefined;

  async function begin(): Promise<Run> {
    const agent = await createAgent(options);
    try {
      const run = agent.run(prompt, { signal: link.signal });
      for (const content of early) run.steer(content);
      live = run;
      const close = (): Promise<void> => agent.close();
      run.result.then(close).catch(() => undefined);
      return run;
    } catch (error) {
      await agent.close();
      throw error;
    }
  }

  const started = begin();
  const result = started.then((run) => run.result).catch(unstarted);

  async function* events(): AsyncGenerator<AgentEvent> {
    yield* await started;
  }

  return {
    result,
    steer: (content) => {
      if (live) return live.steer(content);
      early.push(content);
      return true;
    },
    cancel: (reason) => link.abort(reason ?? "The query was cancelled."),
    [Symbol.asyncIterator]: events,
    async [Symbol.asyncDispose]() {
      link.abort("The query was disposed of.");
      await result;
    },
  };
}

function unstarted(error: unknown): RunResult {
  const totals = { usage: {}, turns: 0, denials: [], parked: [], unfinishedTasks: [] };
  return { end: { ...totals, reason: "failed", error: toFault(error, "internal") }, text: "", messages: [] };
}
