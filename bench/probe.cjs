// Loaded before a subject: leaves what the process took, for whoever started it. `resourceUsage().maxRSS` would not
// do, since on Linux a child begins with that of its parent.
const { readFileSync, writeFileSync } = require("node:fs");

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const peak = peakKilobytes() ?? process.resourceUsage().maxRSS;
  writeFileSync(
    process.env.BENCH_PROBE,
    JSON.stringify({ cpuMs: (user + system) / 1e3, mainMs: mainThreadMs(), peakMb: peak / 1e3 }),
  );
});

function peakKilobytes() {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))[1]) * 1.024;
  } catch {
    return undefined;
  }
}

/** What the thread that runs JavaScript took; the engine's others compile and collect beside it. */
function mainThreadMs() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  } catch {
    return undefined;
  }
}
