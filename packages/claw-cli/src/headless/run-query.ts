import {
  type Agent,
  type Ask,
  exitCodeOf,
  type Fault,
  type JsonObject,
  outputFormat,
  type Run,
  type RunResult,
  toFault,
} from "@claw/agent-sdk";
import { agentOptions } from "../agent-options.ts";
import { closeAgent } from "../close-agent.ts";
import { commandIn } from "../command-in.ts";
import type { Flags } from "../flags/flags.ts";
import { type Interruption, unlessAborted, watchInterruption } from "../interruption.ts";
import type { Io } from "../io.ts";
import { isOwnWarning } from "../is-own-warning.ts";
import { openAgent } from "../open-agent.ts";
import { rulesPlace } from "../people/rules-place.ts";
import { faultText, warningText } from "../report-fault.ts";
import { createStreamWriter, type StreamWriter } from "../stream-writer.ts";
import { paintLine } from "../terminal/line.ts";
import { createPaint, type Paint } from "../terminal/paint.ts";
import { printable } from "../terminal/printable.ts";
import { endFault, isSaved } from "../transcript/end-fault.ts";
import { createEventLines, type EventLines } from "../transcript/event-lines.ts";
import { usageText } from "../transcript/usage-text.ts";
import { untoldWarnings } from "../untold-warnings.ts";
import { usageExitCode } from "../usage-exit-code.ts";
import { headlessPeople } from "./headless-people.ts";
import { createJsonOutput, createStreamJsonOutput } from "./json-output.ts";
import type { Output } from "./output.ts";
import { noPrompt, readPrompt } from "./read-prompt.ts";
import { createTextOutput } from "./text-output.ts";

/** What a shell reports for a program that wrote into a pipe without a reader: 128 and SIGPIPE. */
const readerGone = 141;
/** Answers one query and says with what the process should exit. */
export async function runQuery(flags: Flags, io: Io, going?: GoingOn): Promise<number> {
  using interruption = watchInterruption(io);
  const stdout = createStreamWriter(io.stdout, () => interruption.interrupt(readerGone));
  const stderr = createStreamWriter(io.stderr, () => undefined);
  const paint = createPaint(io.stderr, io.env);
  const query: Query = { flags, io, interruption, stdout, stderr, paint, going };
  const code = await answer(query, await outputOf(query));
  await unlessAborted(Promise.all([stdout.flush(), stderr.flush()]), interruption.urgent);
  return interruption.exitCode() ?? code;
}

/** Goes on with a session instead of asking something new. */
export interface GoingOn {
  /** Who answers its questions. */
  readonly ask: Ask;
  /** Looks at the session now that nobody else can change it. Throws a `FaultError` where it must not go on. */
  readonly check: (agent: Agent) => void;
}

interface Query {
  readonly flags: Flags;
  readonly io: Io;
  readonly interruption: Interruption;
  readonly stdout: StreamWriter;
  readonly stderr: StreamWriter;
  readonly paint: Paint;
  readonly going: GoingOn | undefined;
}

async function outputOf({ flags, io, stdout }: Query): Promise<Output> {
  if (flags.outputFormat === "json") return createJsonOutput(stdout);
  if (flags.outputFormat === "stream-json") return createStreamJsonOutput(stdout);
  if (io.stdout.isTTY !== true) return createTextOutput(stdout);
  const { createTerminalOutput } = await import("./terminal-output.ts");
  return createTerminalOutput(io.stdout, stdout, createPaint(io.stdout, io.env));
}

async function answer(query: Query, output: Output): Promise<number> {
  // Not `performance`, which is a part of Node to load.
  const started = process.uptime();
  const elapsed = (): number => Math.round((process.uptime() - started) * 1000);
  const { interruption, stderr } = query;
  const untold = untoldWarnings();
  const warn = async (opened: Agent): Promise<void> => {
    for (const warning of untold(opened)) await stderr.write(warningText(warning));
  };
  let agent: Agent | undefined;
  try {
    const opened = await unlessAborted(open(query), interruption.signal);
    if (opened === undefined) {
      await stderr.write(faultText(interrupted));
      await output.failure(interrupted, elapsed());
      return 130;
    }
    agent = opened.agent;
    await warn(agent);
    await output.session(agent);
    const { signal } = interruption;
    const run = await begin(agent, opened.prompt, signal);
    const result = await follow(query, run, output, agent);
    await output.result(agent, result, elapsed());
    await warn(agent);
    if (!query.stdout.broken()) await tellMismatch(query, result, opened.schema);
    if (!query.stdout.broken()) await conclude(query, result, agent);
    if (!query.stdout.broken()) await tellPending(query, agent);
    return exitCodeOf(result.end);
  } catch (thrown) {
    const fault = toFault(thrown, "internal");
    await report(query, fault, thrown);
    await output.failure(fault, elapsed());
    return usageExitCode(fault);
  } finally {
    if (agent !== undefined) await closeAgent(agent, interruption.urgent);
  }
}

async function begin(agent: Agent, prompt: string | undefined, signal: AbortSignal): Promise<Run> {
  if (prompt === undefined) return agent.resume({ signal });
  const called = await commandIn(agent, prompt);
  if (called !== undefined) return agent.runCommand(called.command.name, called.args, { signal });
  return agent.run(await agent.expand(prompt, signal), { signal });
}

const interrupted: Fault = { code: "cancelled", message: "Interrupted." };

/** One query has no later turn in which a server that is new could be found, so it waits a little for its tools. */
const mcpWaitMs = 2_000;

interface Opened {
  readonly agent: Agent;
  /** Absent: the session is unfinished, and goes on by itself. */
  readonly prompt: string | undefined;
  /** What the answer must be. */
  readonly schema: JsonObject | undefined;
}

async function open(query: Query): Promise<Opened> {
  const { flags, io, stderr, interruption, going } = query;
  const options = await agentOptions(flags, io);
  const prompt = going
    ? undefined
    : await readPrompt(flags, io, (text) => void stderr.write(`claw: ${text}\n`));
  const people = going ?? headlessPeople(flags, io, rulesPlace(options), () => interruption.interrupt());
  const agent = await openAgent({ ...options, mcpWaitMs, ...people });
  if (interruption.signal.aborted) await agent.close();
  try {
    going?.check(agent);
  } catch (thrown) {
    await agent.close();
    throw thrown;
  }
  const schema = options.output && outputFormat(options.output).schema;
  if (prompt !== undefined || agent.unfinished) return { agent, prompt, schema };
  await agent.close();
  throw noPrompt(`Session ${agent.session} has nothing left to do, and there is no query.`);
}

async function follow(query: Query, run: Run, output: Output, agent: Agent): Promise<RunResult> {
  const { flags, stderr, paint } = query;
  const quiet = flags.outputFormat !== "text" && !flags.verbose;
  const lines: EventLines = createEventLines({ cwd: agent.cwd, verbose: flags.verbose, diffLimit: 0 });
  for await (const event of run) {
    // On a terminal the answer comes below what was told before it.
    if (event.type === "message-delta") await stderr.write("");
    await output.event(event);
    const isTold = (quiet && event.type !== "notice") || isOwnWarning(agent, event);
    const told = isTold ? [] : lines(event);
    if (told.length > 0) await stderr.writeSoon(told.map((line) => `${paintLine(line, paint)}\n`).join(""));
  }
  return run.result;
}

/** The answer is what the model said; who goes on with it is told where it is not what was wanted. */
async function tellMismatch(
  { stderr }: Query,
  { text, end }: RunResult,
  schema: JsonObject | undefined,
): Promise<void> {
  if (schema === undefined || end.reason !== "completed") return;
  const { answerFault } = await import("./answer-fault.ts");
  const fault = await answerFault(text, schema);
  if (fault !== undefined) await stderr.write(warningText(fault));
}

/** What people read at the end: why it is no success, who refused, what it took. */
async function conclude(
  { flags, stderr, paint }: Query,
  { end }: RunResult,
  { warnings }: Agent,
): Promise<void> {
  const fault = endFault(end, warnings);
  if (fault !== undefined) await stderr.write(faultText(fault));
  if (end.reason === "context-exhausted" && end.handOver !== undefined && flags.outputFormat === "text")
    await stderr.write(`\n${printable(end.handOver)}\n\n`);
  const refused = end.denials.filter((denial) => denial.by === "nobody").map((denial) => denial.tool);
  if (refused.length > 0) {
    await stderr.write(
      faultText({
        code: "nobody",
        message: `Nobody could be asked for permission, so this was not done: ${[...new Set(refused)].join(", ")}.`,
        hint: warnings.some(({ code }) => code === "settings-unreadable" || code === "settings-invalid")
          ? "Mend the settings that could not be read: until then everything is asked about."
          : "Allow it with --allowed-tools or --permission auto, or run claw in a terminal.",
      }),
    );
  }
  if (end.unfinishedTasks.length > 0) {
    await stderr.write(
      faultText({
        code: "unfinished-tasks",
        message: `Background tasks that had not ended are stopped with the session: ${end.unfinishedTasks.join(", ")}.`,
        hint: "A query ends with its answer. Ask for the task to be waited for, or have the conversation in a terminal.",
      }),
    );
  }
  const counted = end.usage.input !== undefined || end.reason === "completed";
  if (counted && (flags.outputFormat === "text" || flags.verbose))
    await stderr.write(`${paint("dim", `[${usageText(end.usage)}]`)}\n`);
}

/** What the run waits for, whole, and how it is answered. */
async function tellPending({ flags, stderr, paint }: Query, agent: Agent): Promise<void> {
  const pending = agent.pendingPermissions;
  if (pending.length === 0 || flags.outputFormat !== "text") return;
  const { permissionLines } = await import("../people/permission-lines.ts");
  for (const question of pending) {
    const call = pending.length === 1 ? "" : ` ${question.call}`;
    const lines = permissionLines(question).map((line) => `${paintLine(line, paint)}\n`);
    const answer = paint("dim", `  claw answer ${agent.session} allow${call}, or deny`);
    await stderr.write(lines.join("") + (isSaved(agent.warnings) ? `${answer}\n` : ""));
  }
}

async function report({ flags, stderr }: Query, fault: Fault, thrown: unknown): Promise<void> {
  await stderr.write(faultText(fault));
  if (flags.verbose && thrown instanceof Error) await stderr.write(`${thrown.stack ?? ""}\n`);
}
