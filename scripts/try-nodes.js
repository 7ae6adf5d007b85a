// Builds and tests on each supported Node, taken from the npm package `node`:
//   npm run try-nodes            all of them
//   npm run try-nodes -- 22 24   some of them
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const versions = process.argv.length > 2 ? process.argv.slice(2) : ["20.19", "22", "24"];
const folder = mkdtempSync(join(tmpdir(), "claw-nodes-"));

function run(command, args, options) {
  execFileSync(command, args, { stdio: "inherit", ...options });
}

/** The program of `node@version`, whichever layout its package has. */
function nodeProgram(version) {
  const place = join(folder, `node-${version}`);
  run("npm", ["install", "--no-save", "--no-package-lock", "--prefix", place, `node@${version}`]);
  const modules = join(place, "node_modules");
  const candidates = [
    join(modules, "node", "bin"),
    ...readdirSync(modules).map((name) => join(modules, name, "bin")),
  ];
  const found = candidates.find((path) => existsSync(join(path, "node")));
  if (!found) throw new Error(`node@${version} brought no program.`);
  return found;
}

try {
  const checkout = join(folder, "checkout");
  run("git", ["clone", "--quiet", process.cwd(), checkout]);
  for (const version of versions) {
    const env = { ...process.env, PATH: `${nodeProgram(version)}${delimiter}${process.env.PATH}` };
    console.log(`\n== Node ${execFileSync("node", ["--version"], { env, encoding: "utf8" }).trim()}`);
    const place = join(folder, `checkout-${version}`);
    cpSync(checkout, place, { recursive: true });
    for (const args of [["ci"], ["test"]]) run("npm", args, { cwd: place, env });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
