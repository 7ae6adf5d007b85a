import { type Fault, FaultError, type JournalFaultCode, thrownText } from "@claw/agent-core";

/** An error of the `Journal` port. */
export function journalFault(code: JournalFaultCode, message: string, hint?: string): FaultError {
  return new FaultError({ code, message, ...(hint === undefined ? {} : { hint }) });
}

/** The session goes on elsewhere: what this process would write is not written. */
export function leaseLost(message: string): FaultError {
  return journalFault("lease-lost", message, "Nothing more is saved here. Leave, and go on in a copy of it.");
}

/** The fault for anything that the file system refused in `root`; a fault that is one already stays. */
export function unwritable(root: string, thrown: unknown): FaultError {
  if (FaultError.isInstance(thrown)) return thrown;
  const fault: Fault<JournalFaultCode> = {
    code: "journal-unwritable",
    message: `${root} cannot be written: ${thrownText(thrown)}`,
    hint: tooManyFiles.has(errorCode(thrown) ?? "")
      ? "Close sessions that are idle, or raise the limit of open files (ulimit -n)."
      : `Make room in ${root} and make it writable, or set CLAW_HOME to another folder.`,
  };
  return new FaultError(fault, { cause: thrown });
}

/** Of the process, of the system: the folder has nothing to do with it. */
const tooManyFiles: ReadonlySet<string> = new Set(["EMFILE", "ENFILE"]);

/** The code of a system error, such as `ENOENT`. */
export function errorCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}
