import { type ConfinedCommand, type ExecRequest, type Execution, FaultError } from "@claw/agent-core";
import { type StartOptions, startProcess } from "@claw/agent-tasks";

/** Puts a command into a sandbox: `Sandbox.wrap` with the boundary of the session, which no call can change. */
export type Confine = (argv: ExecRequest["argv"]) => Promise<ConfinedCommand>;

/** Starts a program in the sandbox, or rejects; there is no way around it. What it left behind is told with its end. */
export async function startConfined(
  confine: Confine | undefined,
  request: ExecRequest,
  signal: AbortSignal,
  options: StartOptions,
): Promise<Execution> {
  if (confine === undefined) throw new FaultError(noSandbox);
  const { argv, environment, inputs, release } = await confined(confine, request.argv);
  const inside = { ...request, argv, env: { ...request.env, ...environment } };
  try {
    const { output, exit } = await startProcess(inside, signal, { ...options, inputs });
    return {
      output,
      exit: exit.then(async (end) => {
        const leftovers = await release();
        return leftovers.length === 0 ? end : { ...end, leftovers };
      }),
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function confined(confine: Confine, argv: ExecRequest["argv"]): Promise<ConfinedCommand> {
  try {
    return await confine(argv);
  } catch (error) {
    if (!FaultError.isInstance(error)) throw error;
    throw new FaultError({ ...error.fault, code: "cannot-start" }, { cause: error });
  }
}

const noSandbox = {
  code: "cannot-start",
  message: "The command is to run in a sandbox, and this machine has none.",
  hint: "Run it without one, or give the machine a sandbox.",
};
