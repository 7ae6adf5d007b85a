import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

// Runs the client scenarios of the official MCP conformance suite against @claw/agent-mcp, both eras. The suite needs
// Node 22, the client runs on the Node that runs this script; both come from the npm registry. A scenario that fails is
// tried again alone, since some of them look at times and all run at once.

const run = promisify(execFile);
const suiteVersion = "0.2.0-alpha.12";
const nodeVersion = "22.23.3";
/** Scored scenarios of each set. */
const bars = { "2025-11-25": 18, "2026-07-28": 32 };

const client = fileURLToPath(new URL("../packages/agent-mcp/bin/conformance-client.js", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "mcp-conformance-"));
try {
  await install();
  let missed = 0;
  for (const [requirements, bar] of Object.entries(bars)) missed += await score(requirements, bar);
  process.exitCode = missed === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function install() {
  await writeFile(join(folder, "package.json"), '{"private":true}');
  const packages = [
    `@modelcontextprotocol/conformance@${suiteVersion}`,
    `node-${process.platform}-${process.arch}@${nodeVersion}`,
  ];
  await run("npm", ["install", "--no-audit", "--no-fund", ...packages], { cwd: folder });
}

/** How many scored scenarios of a set fail. */
async function score(requirements, bar) {
  const text = await suite(["--requirements", requirements]);
  const [results, unscored = ""] = text.split("Not scored for");
  const extra = new Set([...unscored.matchAll(/^\s+[✓✗] (\S+)/gmu)].map(([, name]) => name));
  const scored = [...results.matchAll(/^([✓✗]) (\S+): (\d+) passed/gmu)].filter(
    ([, , name]) => !extra.has(name),
  );
  let passed = 0;
  for (const [, mark, name, checks] of scored) {
    // A scenario without a single check has shown nothing.
    const first = mark === "✓" && Number(checks) > 0;
    const good = first || (await passesAlone(name, requirements));
    passed += good ? 1 : 0;
    if (!good) console.log(`  failed: ${name}`);
  }
  console.log(`${requirements}: ${passed} of ${bar} scored scenarios pass`);
  if (passed < bar && scored.length === 0) console.log(text);
  return bar - passed;
}

async function passesAlone(name, version) {
  const text = await suite(["--scenario", name, "--spec-version", version]);
  return /OVERALL: PASSED/.test(text) && !/Passed: 0\/0/.test(text);
}

async function suite(words) {
  const program = join(folder, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  const conformance = join(folder, "node_modules/@modelcontextprotocol/conformance/dist/index.js");
  const command = `${process.execPath} ${client}`;
  const options = { cwd: folder, maxBuffer: 64e6, timeout: 300_000 };
  const arguments_ = [conformance, "client", "--command", command, ...words, "-o", join(folder, "out")];
  // The suite exits with 1 when anything failed, scored or not.
  const { stdout, stderr } = await run(program, arguments_, options).catch((error) => error);
  return `${stdout}${stderr}`;
}
