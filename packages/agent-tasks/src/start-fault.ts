import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { type ExecRequest, type Fault, FaultError, thrownText } from "@claw/agent-core";

/** Why a program could not be started, said so that a person or a model can do something about it. */
export async function startFault(thrown: unknown, request: ExecRequest): Promise<FaultError<"cannot-start">> {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  const fault = await explain(typeof code === "string" ? code : "", thrown, request);
  return new FaultError({ code: "cannot-start", ...fault }, { cause: thrown });
}

type Explanation = Pick<Fault, "message" | "hint">;

async function explain(code: string, thrown: unknown, request: ExecRequest): Promise<Explanation> {
  const program = JSON.stringify(request.argv[0]);
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
    case "EACCES":
      return (await folderTrouble(request.cwd)) ?? programTrouble(code, request.argv[0]);
    case "E2BIG":
      return {
        message: `${program} could not be started: its arguments and environment (${argumentBytes(request)} bytes of arguments) are larger than the system takes.`,
        hint: "Write the long text to a file and pass the file. On Linux one argument may have up to 128 KiB.",
      };
    case "EMFILE":
    case "ENFILE":
      return {
        message: `${program} could not be started: too many files are open (${code}).`,
        hint: "Try again when other commands have ended, or raise the limit (ulimit -n).",
      };
    case "EAGAIN":
    case "ENOMEM":
      return {
        message: `${program} could not be started: the system has no room for another process (${code}).`,
        hint: "Try again when other programs have ended.",
      };
    case "ENOEXEC":
      return { message: `${program} is not a program that this system can run (ENOEXEC).` };
    case "ERR_INVALID_ARG_VALUE":
      return {
        message: `${program} could not be started: an argument, the environment or the working folder holds a NUL character.`,
      };
    default:
      return { message: `${program} could not be started: ${thrownText(thrown)}` };
  }
}

/** The system gives the same code for a missing folder as for a missing program. */
async function folderTrouble(cwd: string): Promise<Explanation | undefined> {
  const quoted = JSON.stringify(cwd);
  try {
    if (!(await stat(cwd)).isDirectory()) return { message: `The working folder ${quoted} is not a folder.` };
    await access(cwd, constants.X_OK);
    return undefined;
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code !== "EACCES";
    return missing
      ? {
          message: `The working folder ${quoted} does not exist.`,
          hint: "It may have been removed or renamed.",
        }
      : { message: `The working folder ${quoted} may not be entered.` };
  }
}

async function programTrouble(code: string, program: string): Promise<Explanation> {
  const quoted = JSON.stringify(program);
  if (!program.includes("/")) {
    // A folder of PATH that may not be entered gives EACCES for every name that is found nowhere.
    const also = code === "EACCES" ? ", or may not be executed" : "";
    return { message: `The program ${quoted} was not found on PATH${also}.` };
  }
  if (code === "EACCES") {
    return {
      message: `${quoted} may not be executed.`,
      hint: "It is a folder, or its permission to execute is missing.",
    };
  }
  const exists = await stat(program).then(
    () => true,
    () => false,
  );
  return exists
    ? { message: `${quoted} cannot run: the interpreter that its first line names does not exist.` }
    : { message: `The program ${quoted} does not exist.` };
}

function argumentBytes(request: ExecRequest): number {
  return request.argv.reduce((sum, argument) => sum + Buffer.byteLength(argument) + 1, 0);
}
