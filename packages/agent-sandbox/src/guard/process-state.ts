import { readFileSync } from "node:fs";

/** Names one process for good: its number, when it started, and the boot it lives in. */
export function processName(pid: number): string {
  return `${pid}.${startOf(pid) ?? "0"}.${bootId()}`;
}

/** Whether the process of that name is gone. */
export function isGone(name: string): boolean {
  const [pid = "", start = "", boot = ""] = name.split(".");
  return boot !== bootId() || startOf(Number(pid)) !== start;
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
