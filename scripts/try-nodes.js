// Builds, runs all tests, and installs and uses the packages on each supported Node, taken from the npm package `node`:
//   npm run try-nodes            all of them
//   npm run try-nodes -- 22 24   some of them; any version that npm knows
// What is committed is tried, in a clone for each, one after the other: many tests need the machine for themselves.
// What was said is in a file for each. A Node that fails keeps no other from its turn, and leaves its clone.
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** The oldest one that is promised, and the newest of each line. */
const supported = ["20.19.0", "22", "24"];
const steps = [
  ["npm", "ci"],
  ["npm", "test"],
  ["node", "scripts/try-packages.js"],
];
const folder = mkdtempSync(join(tmpdir(), "claw-nodes-"));

/** The folder with the program of `node@version`, whichever layout its package has. */
function nodeFolder(version) {
  const place = join(folder, `node-${version}`);
  const args = ["install", "--no-save", "--no-package-lock", "--prefix", place, `node@${version}`];
  execFileSync("npm", args, { stdio: ["ignore", "ignore", "inherit"] });
  const modules = join(place, "node_modules");
  const candidates = ["node", ...readdirSync(modules)].map((name) => join(modules, name, "bin"));
  const found = candidates.find((path) => existsSync(join(path, "node")));
  if (!found) throw new Error(`node@${version} brought no program; npm must run its install script.`);
  return found;
}

/** Whether everything passes on it. */
function tryNode(version) {
  const env = { ...process.env, PATH: `${nodeFolder(version)}${delimiter}${process.env.PATH}` };
  const name = execFileSync("node", ["--version"], { env, encoding: "utf8" }).trim();
  const clone = join(folder, `clone-${version}`);
  const log = join(folder, `${version}.log`);
  console.log(`Node ${name}: see ${log}`);
  execFileSync("git", ["clone", "--quiet", process.cwd(), clone]);
  const file = openSync(log, "w");
  const failed = steps.find(
    ([command, ...args]) =>
      spawnSync(command, args, { cwd: clone, env, stdio: ["ignore", file, file] }).status !== 0,
  );
  closeSync(file);
  console.log(
    `  ${counts(log) ?? "no test ran"}${failed ? `; ${failed.join(" ")} failed, in ${clone}` : ""}`,
  );
  if (!failed) rmSync(clone, { recursive: true, force: true });
  return failed === undefined;
}

/** The line that closes a run of the tests. */
function counts(log) {
  return readFileSync(log, "utf8").match(/^\d+ passed, \d+ failed.*$/m)?.[0];
}

const asked = process.argv.slice(2);
const failing = (asked.length > 0 ? asked : supported).filter((version) => !tryNode(version));
if (failing.length === 0) rmSync(folder, { recursive: true, force: true });
else process.exitCode = 1;
