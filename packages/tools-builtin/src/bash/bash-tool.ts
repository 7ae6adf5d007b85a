import {
  type CallContext,
  FaultError,
  type Machine,
  type SpillStore,
  type ToolOutcome,
} from "@claw/agent-core";
import { type AnyTool, createTextSink, defineTool, failed, jsonSchema } from "@claw/agent-tools";
import { bashOutcome } from "./bash-outcome.ts";
import { liveOutput } from "./live-output.ts";

export interface BashInput {
  readonly command: string;
  /** Milliseconds. */
  readonly timeout?: number;
  /** For people: what the command is for. */
  readonly description?: string;
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
}

/** Runs a command line in bash, and always ends. */
export function bashTool(options: BashToolOptions): AnyTool {
  const { defaultTimeoutMs = 120_000, maxTimeoutMs = 600_000 } = options;
  const timeoutOf = (input: BashInput): number =>
    Math.min(Math.max(1, Math.floor(input.timeout ?? defaultTimeoutMs)), maxTimeoutMs);
  return defineTool({
    name: "Bash",
    description:
      "Runs a bash command and gives its output (stdout and stderr together) and exit code. Each call is a fresh, " +
      "non-interactive shell in the session's folder: cd and variables do not carry over, stdin is empty, prompts and " +
      "editors fail. Background processes are stopped when the command ends. " +
      "To read, write, edit or find files use Read, Write, Edit, Glob and Grep instead.",
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
      },
      required: ["command"],
      additionalProperties: false,
    }),
    effects: ({ command }, { cwd }) => [{ type: "shell", command, cwd }],
    // The command's own limit comes first; this one is for a machine that does not keep it.
    timeoutMs: (input) => timeoutOf(input) + 5_000,
    run: (input, context) => run(options, input.command, timeoutOf(input), context),
  });
}

async function run(
  { machine, spill, environment, maxOutputBytes = 30_000, shell = "bash" }: BashToolOptions,
  command: string,
  timeoutMs: number,
  context: CallContext,
): Promise<ToolOutcome> {
  const startedAt = performance.now();
  const sink = createTextSink({
    capBytes: maxOutputBytes,
    call: context.call,
    label: "bash",
    ...(spill === undefined ? {} : { spill }),
  });
  const live = liveOutput(context.progress, () => performance.now());
  try {
    const execution = await machine.exec(
      {
        argv: [shell, "--noprofile", "--norc", "-c", inOneStream(command)],
        cwd: context.cwd,
        timeoutMs,
        ...(environment === undefined ? {} : { env: environment }),
      },
      context.signal,
    );
    for await (const { bytes } of execution.output) {
      live.write(bytes);
      await sink.write(bytes);
    }
    const exit = await execution.exit;
    const durationMs = performance.now() - startedAt;
    return bashOutcome({ exit, output: await sink.end(), durationMs, timeoutMs });
  } catch (thrown) {
    if (!FaultError.isInstance(thrown)) throw thrown;
    const { message, hint } = thrown.fault;
    return failed("tool-failed", hint === undefined ? message : `${message} ${hint}`);
  } finally {
    await sink.end();
  }
}

/**
 * Both streams into one, in which alone their order is the order of writing. On the command's own first line, so that
 * line numbers in messages stay right; a command that bash cannot parse fails the same way with it as without.
 */
function inOneStream(command: string): string {
  return `exec 2>&1; ${command}`;
}
