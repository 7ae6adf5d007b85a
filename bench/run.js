// Measures Claw beside bare scripts that do the same, against one scripted model on 127.0.0.1, and holds the ratios to
// the bars. Writes only into a temporary folder, and with --write the table into docs/performance.md.
//   npm run bench                          about two minutes
//   npm run bench -- --runs 15 --write     steadier, and keeps the table
//   npm run bench -- --full                also 5 GB of shell output and the size of an installation
//   npm run bench -- --only hello,deltas   some of: hello deltas reads shells history parallel output sessions decisions
//   npm run bench -- --subject 'name=program argument {url} {prompt}'   another agent: its start, and a long text
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { figures } from "./figures.js";
import { installSize } from "./install-size.js";
import { measure } from "./measure.js";
import { startModelServer } from "./model-server.js";
import { markdownTable, rows, withTable } from "./report.js";
import { scenarios } from "./scenarios.js";
import { gap, growth, spread } from "./statistics.js";
import { subjects } from "./subjects.js";

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "7" },
    only: { type: "string" },
    full: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    subject: { type: "string", multiple: true, default: [] },
  },
});
const runs = Number(options.runs);
const only = options.only?.split(",");
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "claw-bench-"));
const workspace = join(folder, "workspace");
mkdirSync(workspace);
const server = await startModelServer();
const place = { server, folder, workspace, environment };
/** Subject to figure to its measurements. */
const measured = new Map();

try {
  await runSubjects();
  if (wanted("sessions")) runSessions();
  if (wanted("decisions")) runDecisions();
  if (options.full) runInstallation();
  print();
} finally {
  server.close();
  rmSync(folder, { recursive: true, force: true });
}

function wanted(name) {
  return only === undefined || only.includes(name);
}

/** Nothing of the caller's but the path: another home, and a model that is only here. */
function environment(subject) {
  const home = join(folder, "homes", subject.replaceAll(/[^a-z0-9]/g, "-"));
  mkdirSync(home, { recursive: true });
  return {
    PATH: process.env.PATH,
    HOME: home,
    LANG: "C.UTF-8",
    ANTHROPIC_BASE_URL: server.url,
    ANTHROPIC_API_KEY: "none",
  };
}

async function runSubjects() {
  const all = scenarios(workspace, options);
  const [idle, ...everybody] = subjects(options.subject);
  // The tools of others have other names.
  const agents = everybody.filter((subject) => subject.node);
  // What only the first sessions of a home do.
  for (const agent of agents) {
    for (const scenario of [all.hello, all.reads, all.shells, all.parallel])
      await measure(agent, scenario, place);
  }
  for (const other of everybody.filter((subject) => !subject.node)) await measure(other, all.hello, place);
  const few = Math.min(runs, 3);
  await rounds("hello", runs, [idle, ...everybody], async (subject, note) => {
    const timed = await measure(subject, all.hello, place);
    note("wallMs", timed.wallMs);
    if (timed.firstMs !== undefined) note("firstMs", timed.firstMs);
    if (timed.turns[0] !== undefined) note("requestKb", timed.turns[0].bytes / 1e3);
    if (!subject.node) return;
    const { cpuMs, peakMb } = await measure(subject, all.hello, place, { probed: true });
    note("cpuMs", cpuMs);
    note("peakMb", peakMb);
  });
  await rounds("deltas", runs, everybody, async (subject, note) =>
    note("deltasMs", (await measure(subject, all.deltas, place)).wallMs),
  );
  for (const [name, figure, scenario, turns] of [
    ["reads", "read", all.reads, 50],
    ["shells", "shell", all.shells, 50],
    ["parallel", "parallel", all.parallel, 1],
  ]) {
    await rounds(name, runs, agents, async (subject, note) => {
      note(`${figure}Ms`, gap((await measure(subject, scenario, place)).turns));
      const cpu = async (what) => (await measure(subject, what, place, { probed: true })).mainMs;
      note(`${figure}CpuMs`, ((await cpu(scenario)) - (await cpu(all.hello))) / turns);
    });
  }
  await rounds("history", few, agents, async (subject, note) => {
    const { wallMs, turns } = await measure(subject, all.history, place);
    note("historyMs", wallMs);
    note("growthUs", growth(turns));
  });
  await rounds("output", few, agents, async (subject, note) => {
    const { peakMb } = await measure(subject, all.oneLine, place, { probed: true });
    const extra = async (scenario) =>
      (await measure(subject, scenario, place, { probed: true })).peakMb - peakMb;
    note("output50Mb", await extra(all.output50));
    // Once: it takes a minute.
    const isNew = !measured.get(subject.name)?.has("output5000Mb");
    if (all.output5000 !== undefined && subject.name === "claw" && isNew) {
      note("output5000Mb", await extra(all.output5000));
    }
  });
}

/** One after the other in each round, so that a busy moment of the machine is everybody's. */
async function rounds(name, count, all, perform) {
  if (!wanted(name)) return;
  for (let round = 1; round <= count; round++) {
    progress(`${name} ${round}/${count}`);
    for (const subject of all) await perform(subject, noteFor(subject.name));
  }
}

function noteFor(subject) {
  return (figure, value) => {
    const own = measured.get(subject) ?? new Map();
    measured.set(subject, own);
    own.set(figure, [...(own.get(figure) ?? []), value]);
  };
}

function runSessions() {
  const note = noteFor("claw");
  const script = fileURLToPath(new URL("sessions.js", import.meta.url));
  for (let round = 1; round <= Math.min(runs, 3); round++) {
    progress(`sessions ${round}`);
    const output = execFileSync(process.execPath, ["--expose-gc", script], { encoding: "utf8" });
    const { mbEach, aloneMs, togetherMs } = JSON.parse(output);
    note("sessionMb", mbEach);
    note("sessionRatio", togetherMs / aloneMs);
  }
}

function runDecisions() {
  const note = noteFor("claw");
  const script = fileURLToPath(new URL("decisions.js", import.meta.url));
  for (let round = 1; round <= Math.min(runs, 3); round++) {
    progress(`decisions ${round}`);
    const { medianMs, perMinute } = JSON.parse(
      execFileSync(process.execPath, [script], { encoding: "utf8" }),
    );
    note("decisionUs", medianMs * 1000);
    note("decisionsPerMinute", perMinute);
  }
}

function runInstallation() {
  progress("installation");
  const { packages, mb } = installSize(folder, join(root, "packages/claw-cli"));
  noteFor("claw")("installPackages", packages);
  noteFor("claw")("installMb", mb);
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
}

function print() {
  progress("");
  const spreads = new Map(
    [...measured].map(([subject, own]) => [
      subject,
      new Map([...own].map(([figure, values]) => [figure, spread(values)])),
    ]),
  );
  const [processor] = cpus();
  const about = [
    `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node} on ${process.platform} ${process.arch},`,
    `${cpus().length} × ${processor?.model ?? "processor"}, ${Math.round(totalmem() / 2 ** 30)} GB;`,
    `medians of ${runs} runs (smallest to largest).`,
  ].join(" ");
  const table = `${about}\n\n${markdownTable(rows(figures, spreads), [...spreads.keys()])}`;
  console.log(table);
  if (!options.write) return;
  const page = join(root, "docs/performance.md");
  writeFileSync(page, withTable(readFileSync(page, "utf8"), table));
}
