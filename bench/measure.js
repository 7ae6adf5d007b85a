import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const probe = fileURLToPath(new URL("probe.cjs", import.meta.url));
/** Milliseconds after which a run counts as hung. */
const patience = 120_000;

/**
 * Runs a subject once, to its end. The clock runs from before the process is made; `firstMs` is the first request's
 * arrival. CPU and memory are only known of a `probed` run, whose times are not used.
 */
export async function measure(subject, scenario, place, { probed = false } = {}) {
  const turns = place.server.begin(scenario.replies);
  const report = join(place.folder, "probe.json");
  const started = performance.now();
  const [program, args] = commandOf(subject, scenario, probed, place.server.url);
  const child = spawn(program, args, {
    cwd: place.workspace,
    env: { ...place.environment(subject.name), ...(probed ? { BENCH_PROBE: report } : {}) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = collect(child.stdout);
  const complaints = collect(child.stderr);
  const timer = setTimeout(() => child.kill("SIGKILL"), patience);
  const [code] = await once(child, "close");
  const wallMs = performance.now() - started;
  clearTimeout(timer);
  const expected = subject.idle ? "" : scenario.expect;
  if (code !== 0 || !output().includes(expected)) {
    throw new Error(
      `${subject.name} failed in "${scenario.name}" (${code}):\n${complaints().slice(-2000)}\n${output().slice(-500)}`,
    );
  }
  const cost = probed ? JSON.parse(await readFile(report, "utf8")) : {};
  if (probed) await rm(report);
  return { wallMs, firstMs: turns[0] === undefined ? undefined : turns[0].arrived - started, turns, ...cost };
}

function commandOf(subject, scenario, probed, url) {
  const args = subject.args(scenario.prompt, url);
  if (!subject.node) return [subject.program, args];
  return [process.execPath, probed ? ["--require", probe, ...args] : args];
}

function collect(stream) {
  let text = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk) => {
    text += chunk;
  });
  return () => text;
}
