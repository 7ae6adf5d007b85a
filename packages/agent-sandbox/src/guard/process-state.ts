import { readFileSync, readlinkSync } from "node:fs";

/** Names one process for good: its number, when it started, the boot it lives in, and where its number has a meaning. */
export function processName(pid: number): string {
  return `${pid}.${startOf(pid) ?? "0"}.${bootId()}.${numberSpace()}`;
}

/** Whether the process of that name is known to be gone. One in another container is not, before the next boot. */
export function isGone(name: string): boolean {
  const [pid = "", start = "", boot = "", space = ""] = name.split(".");
  if (boot !== bootId()) return true;
  return space === numberSpace() && startOf(Number(pid)) !== start;
}

/** Ticks from the boot to the start; `undefined` when it does not run. The name in parentheses may hold anything. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return /^[ZX]/.test(fields[0] ?? "") ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim().slice(0, 8);
  } catch {
    return "unknown";
  }
}

/** The PID namespace. */
function numberSpace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid").replace(/\D/g, "");
  } catch {
    return "0";
  }
}
