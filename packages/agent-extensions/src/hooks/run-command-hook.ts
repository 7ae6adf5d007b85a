import { type ExecExit, type Execution, toFault } from "@claw/agent-core";
import type { CommandHandler } from "./hook.ts";
import { type HookAnswer, readAnswer } from "./hook-answer.ts";
import type { HookPorts } from "./hook-ports.ts";

/** What a hook printed beyond this is nonsense. */
const maxBytes = 1024 * 1024;

/**
 * Runs a hook's program with its input. Exit code 0: it says what it printed; 2: it refuses, with what it printed as
 * an error as the reason; JSON counts with every other code where it refuses. Everything else is a failure.
 */
export async function runCommandHook(
  { command, args, env }: CommandHandler,
  input: string,
  timeoutMs: number,
  { start, cwd }: Pick<HookPorts, "start" | "cwd">,
  signal: AbortSignal,
): Promise<HookAnswer> {
  const argv = commandLine(command, args);
  const request = {
    argv,
    cwd,
    timeoutMs,
    input: new TextEncoder().encode(`${input}\n`),
    env: { CLAUDE_PROJECT_DIR: cwd, CLAW_PROJECT_DIR: cwd, ...env },
    label: "hook",
  };
  try {
    return await answerOf(await start(request, signal), timeoutMs);
  } catch (error) {
    return { type: "failed", why: toFault(error, "cannot-start").message };
  }
}

/** Without a profile, so that what it does is what stands there. */
export function commandLine(command: string, args: readonly string[] | undefined): [string, ...string[]] {
  return args === undefined ? ["bash", "--noprofile", "--norc", "-c", command] : [command, ...args];
}

async function answerOf({ output, exit }: Execution, timeoutMs: number): Promise<HookAnswer> {
  const printed = { stdout: new Collected(), stderr: new Collected() };
  for await (const { stream, bytes } of output) printed[stream].add(bytes);
  const end = await exit;
  if (end.type === "cancelled") return { type: "cancelled" };
  if (end.type === "timed-out") {
    return { type: "timed-out", why: `it did not answer within ${timeoutMs / 1000} s` };
  }
  return ended(end, printed.stdout, printed.stderr.text());
}

function ended(
  end: Extract<ExecExit, { readonly type: "exited" | "signalled" }>,
  stdout: Collected,
  errors: string,
): HookAnswer {
  if (end.type === "exited" && end.code === 2) {
    return { type: "refused", reason: errors || "It gave no reason." };
  }
  if (stdout.isCut) return { type: "failed", why: `it printed more than ${maxBytes} bytes` };
  const said = readAnswer(stdout.text());
  if (end.type === "exited" && end.code === 0) return said;
  if (said.type === "said" && refuses(said)) return said;
  const how = end.type === "exited" ? `it ended with exit code ${end.code}` : `it was ended by ${end.signal}`;
  return { type: "failed", why: errors === "" ? how : `${how}: ${errors.slice(0, 500)}` };
}

/** A program that failed can still tighten; nothing that it allows counts. */
function refuses({ output }: Extract<HookAnswer, { readonly type: "said" }>): boolean {
  const { hookSpecificOutput: specific } = output;
  return (
    output.decision === "block" ||
    output.continue === false ||
    specific?.permissionDecision === "deny" ||
    specific?.permissionDecision === "ask" ||
    specific?.decision?.behavior === "deny"
  );
}

class Collected {
  readonly #pieces: Uint8Array[] = [];
  #size = 0;
  isCut = false;

  add(bytes: Uint8Array): void {
    if (this.#size + bytes.length > maxBytes) this.isCut = true;
    else {
      this.#pieces.push(bytes.slice());
      this.#size += bytes.length;
    }
  }

  text(): string {
    const decoder = new TextDecoder();
    return (
      this.#pieces.map((piece) => decoder.decode(piece, { stream: true })).join("") + decoder.decode()
    ).trim();
  }
}
