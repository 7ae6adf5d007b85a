import type { CallContext, ToolOutcome } from "@claw/agent-core";
import { hasEnded, outputPlace, type TaskRuntime } from "@claw/agent-tasks";
import { type AnyTool, boundText, defineTool, failed, jsonSchema, ok } from "@claw/agent-tools";
import { type LineMatcher, lineMatcher } from "./line-matcher.ts";
import { taskLine } from "./task-line.ts";
import type { TaskReader } from "./task-reader.ts";
import { unknownTask } from "./unknown-task.ts";

export interface TaskOutputInput {
  readonly task_id: string;
  /** Whether to wait for the end. */
  readonly block?: boolean;
  /** Milliseconds to wait at most. */
  readonly timeout?: number;
  /** A regular expression: only lines that match are shown. */
  readonly filter?: string;
}

export interface TaskOutputToolOptions {
  readonly tasks: TaskRuntime;
  readonly reader: TaskReader;
  /** Bytes of output that a model is shown at once: 30,000 by default. */
  readonly maxOutputBytes?: number;
}

const defaultWaitMs = 30_000;
const maxWaitMs = 600_000;

/** Shows what is new of a background task's output, and waits for its end within a limit. */
export function taskOutputTool(options: TaskOutputToolOptions): AnyTool {
  const waitOf = ({ block = true, timeout = defaultWaitMs }: TaskOutputInput): number =>
    block ? Math.min(Math.max(0, timeout), maxWaitMs) : 0;
  return defineTool({
    name: "TaskOutput",
    aliases: ["BashOutput"],
    description:
      "Shows how a background task stands and what is new of its output since you looked last. Waits for its end unless " +
      "block is false. You are told of each end anyway: wait only when there is nothing else to do.",
    input: jsonSchema<TaskOutputInput>({
      type: "object",
      properties: {
        task_id: { type: "string", description: "Such as shell_1" },
        block: { type: "boolean", description: "Wait for the end; default true" },
        timeout: {
          type: "number",
          minimum: 0,
          description: `Milliseconds to wait; default ${defaultWaitMs}, at most ${maxWaitMs}`,
        },
        filter: {
          type: "string",
          minLength: 1,
          description: "Regular expression (RE2): only matching lines are shown, the others are passed over",
        },
      },
      required: ["task_id"],
      additionalProperties: false,
    }),
    effects: () => [],
    timeoutMs: (input) => waitOf(input) + 10_000,
    run: (input, context) => run(options, input, waitOf(input), context),
  });
}

async function run(
  { tasks, reader, maxOutputBytes = 30_000 }: TaskOutputToolOptions,
  { task_id: id, filter }: TaskOutputInput,
  waitMs: number,
  context: CallContext,
): Promise<ToolOutcome> {
  const matcher = filter === undefined ? undefined : await lineMatcher(filter);
  if (matcher?.type === "unusable") return failed("invalid-input", matcher.reason);
  if (tasks.get(id) === undefined) return unknownTask(tasks, id);
  const task = await tasks.wait(id, waitMs, context.signal);
  if (task === undefined) return unknownTask(tasks, id);
  const { text, missed, markSeen } = reader.look(id, matcher !== undefined);
  const shown = matcher === undefined ? text : matchingLines(text, matcher);
  const bounded = await boundText(shown, { capBytes: maxOutputBytes, call: context.call });
  // A result that nobody waits for any more is read by nobody.
  if (!context.signal.aborted) {
    markSeen();
    if (hasEnded(task)) tasks.markTold(id);
  }
  const place = outputPlace(task);
  const where = place === undefined ? "" : ` ${place.charAt(0).toUpperCase()}${place.slice(1)}.`;
  const gone = missed === 0 ? "" : `[${missed} bytes before this are no longer in memory.${where}]\n`;
  const cut = bounded.cut ? `\n[Shortened.${where}]` : "";
  const none = filter === undefined ? "(no new output)" : "(no new lines that match)";
  const body = shown === "" ? none : `${gone}${bounded.text}${cut}`;
  return ok(`${taskLine(task, Date.now())}\n${body}`, {
    task: id,
    status: task.status,
    outputBytes: task.outputBytes,
    ...(task.output === undefined ? {} : { outputPath: task.output }),
  });
}

function matchingLines(
  text: string,
  { matches }: Extract<LineMatcher, { readonly type: "matcher" }>,
): string {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines
    .filter(matches)
    .map((line) => `${line}\n`)
    .join("");
}
