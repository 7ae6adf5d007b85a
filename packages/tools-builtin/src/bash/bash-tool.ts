import {
  type CallContext,
  type ExecExit,
  FaultError,
  linkedAbort,
  type Machine,
  onAbort,
  type SpillStore,
  type ToolOutcome,
} from "@claw/agent-core";
import type { TaskRuntime } from "@claw/agent-tasks";
import { type AnyTool, createTextSink, defineTool, failed, jsonSchema, ok } from "@claw/agent-tools";
import { howToLook, moveToBackground, startInBackground } from "./background-command.ts";
import { bashRequest } from "./bash-command.ts";
import { bashOutcome } from "./bash-outcome.ts";
import { type BashSandbox, isConfined, outsideParameter, sandboxNotes } from "./bash-sandbox.ts";
import { liveOutput } from "./live-output.ts";

export interface BashInput {
  readonly command: string;
  /** Milliseconds. */
  readonly timeout?: number;
  /** For people: what the command is for. */
  readonly description?: string;
  /** Only with `tasks`: the call returns at once and the command goes on. */
  readonly run_in_background?: boolean;
  /** To be run outside of the sandbox; only where there is one. */
  readonly dangerouslyDisableSandbox?: boolean;
}

export interface BashToolOptions {
  readonly machine: Machine;
  /** Gets the whole output once it is over the cap. Left out: its middle is lost. */
  readonly spill?: SpillStore;
  /** Added to the machine's environment in each call. */
  readonly environment?: Readonly<Record<string, string>>;
  /** 120,000 by default. */
  readonly defaultTimeoutMs?: number;
  /** What a model may ask for at most: 600,000 by default. Longer is cut to it. */
  readonly maxTimeoutMs?: number;
  /** Bytes of output that a model is shown: 30,000 by default. */
  readonly maxOutputBytes?: number;
  /** The bash to run: `bash` on PATH by default. Never another shell, as commands are judged as bash reads them. */
  readonly shell?: string;
  /** Runs what is to go on in the background. Left out: nothing is, and the tool does not offer it. */
  readonly tasks?: TaskRuntime;
  /**
   * With `tasks`: whether a command that is not done in time may go on in the background; asked only then. Left
   * out: it is stopped.
   */
  readonly mayMove?: (command: string) => boolean | Promise<boolean>;
  /** Left out: commands are not confined. */
  readonly sandbox?: BashSandbox;
}

/** Runs a command line in bash, and always ends. */
export function bashTool(options: BashToolOptions): AnyTool {
  const { defaultTimeoutMs = 120_000, maxTimeoutMs = 600_000, tasks } = options;
  const timeoutOf = (input: BashInput): number =>
    Math.min(Math.max(1, Math.floor(input.timeout ?? defaultTimeoutMs)), maxTimeoutMs);
  return defineTool({
    name: "Bash",
    description:
      "Runs a bash command and gives its output (stdout and stderr together) and exit code. Each call is a fresh, " +
      "non-interactive shell in the session's folder: cd and variables do not carry over, stdin is empty, prompts and " +
      "editors fail. Background processes are stopped when the command ends" +
      (tasks === undefined ? ". " : "; run_in_background keeps a server or a long build running. ") +
      "To read, write, edit or find files use Read, Write, Edit, Glob and Grep instead." +
      (options.sandbox === undefined ? "" : sandboxText),
    input: jsonSchema<BashInput>({
      type: "object",
      properties: {
        command: { type: "string", minLength: 1, description: "The command line" },
        timeout: {
          type: "number",
          exclusiveMinimum: 0,
          description: `Milliseconds; default ${defaultTimeoutMs}, at most ${maxTimeoutMs}`,
        },
        description: { type: "string", description: "What it does, in 5 to 10 words" },
        ...(tasks === undefined ? {} : { run_in_background: backgroundProperty }),
        ...(options.sandbox?.offersOutside === true ? outsideProperty : {}),
      },
      required: ["command"],
      additionalProperties: false,
    }),
    effects: (input, { cwd }) => {
      const confined = isConfined(options.sandbox, input);
      return [
        { type: "shell", command: input.command, cwd, ...(confined === undefined ? {} : { confined }) },
      ];
    },
    // The command's own limit comes first; this one is for a machine that does not keep it.
    timeoutMs: (input) => timeoutOf(input) + 5_000,
    run: (input, context) => {
      const { machine, environment, shell = "bash" } = options;
      const { command, run_in_background: background = false } = input;
      if (!background || tasks === undefined) return run(options, input, timeoutOf(input), context);
      const confined = isConfined(options.sandbox, input);
      const request = bashRequest({ command, cwd: context.cwd, shell, environment, confined });
      return startInBackground(tasks, machine, titleOf(input), request);
    },
  });
}

const backgroundProperty = {
  type: "boolean",
  description: "Return at once; the command goes on without a time limit",
} as const;

const sandboxText =
  " Commands run in a sandbox: they can write in the session's folders and in $TMPDIR, not change the files there that " +
  "decide what runs later (.git/hooks, .mcp.json, .vscode, ...), and not read keys. What fails for that reason says so. " +
  "While a command runs, empty folders named like such files (.bashrc, .mcp.json, ...) hold their places: ignore them.";

const outsideProperty = {
  [outsideParameter]: {
    type: "boolean",
    description:
      "Run it outside of the sandbox. The person is asked. Only after it failed inside for that reason",
  },
};

async function run(
  options: BashToolOptions,
  input: BashInput,
  timeoutMs: number,
  context: CallContext,
): Promise<ToolOutcome> {
  const { machine, spill, environment, maxOutputBytes = 30_000, shell = "bash", sandbox } = options;
  const { command } = input;
  const startedAt = performance.now();
  const confined = isConfined(sandbox, input) === true;
  const sink = createTextSink({
    capBytes: maxOutputBytes,
    call: context.call,
    label: "bash",
    ...(spill === undefined ? {} : { spill }),
  });
  const live = liveOutput(context.progress);
  const { tasks, mayMove } = options;
  const movable = tasks !== undefined && mayMove !== undefined;
  // What can go on without the call must not be stopped by its end.
  using link = linkedAbort(context.signal);
  let take = async (bytes: Uint8Array): Promise<void> => {
    live.write(bytes);
    await sink.write(bytes);
  };
  const readToEnd = async (): Promise<ExecExit> => {
    const request = bashRequest({ command, cwd: context.cwd, shell, environment, confined });
    const execution = await machine.exec(movable ? request : { ...request, timeoutMs }, link.signal);
    for await (const { bytes, discard } of execution.output) {
      await take(bytes);
      discard?.();
    }
    return execution.exit;
  };
  try {
    const ended = readToEnd();
    const isLate = movable && (await takesLonger(timeoutMs, ended));
    if (isLate && (await caught(() => mayMove(command)))) {
      const task = moveToBackground(tasks, titleOf(input), (output, signal) => {
        live.end();
        take = output;
        onAbort(signal, () => link.abort(signal.reason));
        return ended;
      });
      const { text } = await sink.end();
      const soFar = text === "" ? "(no output yet)" : text;
      const words = `Not done after ${timeoutMs} ms: it goes on in the background as ${task.id}. ${howToLook(tasks)}`;
      return ok(`${words} Output until now:\n${soFar}`, { task: task.id });
    }
    if (isLate) link.abort("The time is up.");
    const exit = await ended;
    const timedOut = isLate && exit.type === "cancelled" && !context.signal.aborted;
    const durationMs = performance.now() - startedAt;
    const ran = {
      exit: timedOut ? { ...exit, type: "timed-out" as const } : exit,
      output: await sink.end(),
      durationMs,
      timeoutMs,
    };
    return bashOutcome(ran, sandbox !== undefined && confined ? sandboxNotes(sandbox, ran) : []);
  } catch (thrown) {
    if (!FaultError.isInstance(thrown)) throw thrown;
    const { message, hint } = thrown.fault;
    return failed("tool-failed", hint === undefined ? message : `${message} ${hint}`);
  } finally {
    live.end();
    await sink.end();
  }
}

/** What cannot be told may not move. */
async function caught(ask: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await ask();
  } catch {
    return false;
  }
}

async function takesLonger(limitMs: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), limitMs);
  });
  const settled = promise.then(
    () => false,
    () => false,
  );
  return Promise.race([settled, late]).finally(() => clearTimeout(timer));
}

/** Characters of a command that name its task. */
const longestTitle = 100;

function titleOf({ command, description }: BashInput): string {
  const line = (description ?? command).trim().replaceAll(/\s+/g, " ");
  return line.length > longestTitle ? `${line.slice(0, longestTitle - 1)}…` : line;
}
