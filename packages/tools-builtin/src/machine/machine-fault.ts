import { FaultError, type MachineFaultCode, thrownText } from "@claw/agent-core";

/** What a file system call threw, as the fault of a machine. What is not a system error (a cancel, a bug) stays as it is. */
export function machineFault(thrown: unknown, path: string): unknown {
  if (FaultError.isInstance(thrown)) return thrown;
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  const known = faults.get(code);
  if (known === undefined && !/^E[A-Z0-9]+$/.test(code)) return thrown;
  const [fault, what] = known ?? (["io", `${thrownText(thrown)}.`] as const);
  return new FaultError({ code: fault, message: `${JSON.stringify(path)}: ${what}` }, { cause: thrown });
}

const faults: ReadonlyMap<string, readonly [MachineFaultCode, string]> = new Map([
  ["ENOENT", ["not-found", "there is no such file or folder."]],
  ["EISDIR", ["not-a-file", "it is a folder."]],
  ["ENOTDIR", ["not-a-directory", "a part of the path is not a folder."]],
  ["EACCES", ["access-denied", "access is denied by the system."]],
  ["EPERM", ["access-denied", "the system does not permit it."]],
  ["ENOSPC", ["disk-full", "the disk is full."]],
  ["EDQUOT", ["disk-full", "the disk quota is used up."]],
  ["EFBIG", ["disk-full", "the file would be larger than the system allows."]],
  ["EROFS", ["read-only", "the file system is read-only."]],
  ["ELOOP", ["io", "too many symbolic links."]],
  ["ENAMETOOLONG", ["io", "the name is too long."]],
  ["ERR_INVALID_ARG_VALUE", ["io", "the path holds a NUL character."]],
]);
