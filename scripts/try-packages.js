// Packs each package, installs it alone (with the packages of ours that it needs) in an empty project, and imports
// it there: what is missing from a manifest or from `files` shows here. The command line is installed globally, as people
// do, and answers a query with a tool; a word of Node's own on stderr, such as of something deprecated, is a failure.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "claw-packages-"));
const manifests = new Map(
  readdirSync("packages").map((name) => {
    const manifest = JSON.parse(readFileSync(join("packages", name, "package.json"), "utf8"));
    return [manifest.name, { ...manifest, folder: join("packages", name) }];
  }),
);

function npm(args, cwd = ".") {
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

/** The package and all of ours that it depends on. */
function closure(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const dependency of Object.keys(manifests.get(name).dependencies ?? {})) {
    if (manifests.has(dependency)) closure(dependency, found);
  }
  return found;
}

/** Runs a program as somebody would who is new here. Gives its stdout. */
function use(program, args) {
  const env = { PATH: process.env.PATH, HOME: folder, NODE_OPTIONS: "--pending-deprecation" };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, env, encoding: "utf8" });
  if (status === 0 && !/^\(node:\d+\)/m.test(stderr)) return stdout;
  throw new Error(`${program} ${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
}

/** Twice, as the second start runs what the first one kept of it. */
function tryClaw(tarball) {
  npm(["install", "--global", "--prefix", folder, "--prefer-offline", "--no-audit", "--no-fund", tarball]);
  const claw = join(folder, "bin", "claw");
  for (let time = 0; time < 2; time += 1) {
    const answer = use(claw, ["--provider", "stub", "-q", "list files in the current directory"]);
    if (!answer.includes(basename(tarball))) throw new Error(`claw did not list the files:\n${answer}`);
  }
  use(claw, ["doctor"]);
  console.log("claw: answers where it is installed globally");
}

try {
  const published = [...manifests.values()].filter((manifest) => !manifest.private);
  const sources = published.map(({ folder: source }) => `./${source}`);
  const packed = JSON.parse(npm(["pack", "--json", "--pack-destination", folder, ...sources]));
  const tarballs = new Map(packed.map(({ name, filename }) => [name, join(folder, filename)]));
  for (const { name, exports, bin } of published) {
    const project = join(folder, name.replace("/", "-"));
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), '{"type":"module","private":true}');
    const files = [...closure(name)].map((each) => tarballs.get(each));
    npm(["install", "--prefer-offline", "--no-audit", "--no-fund", ...files], project);
    const entries = Object.keys(exports ?? {}).map((entry) => name + entry.slice(1));
    for (const entry of entries) {
      const code = `if (Object.keys(await import("${entry}")).length === 0) throw new Error("${entry} exports nothing");`;
      execFileSync(process.execPath, ["--input-type=module", "-e", code], { cwd: project, stdio: "inherit" });
    }
    for (const program of Object.keys(bin ?? {})) {
      const file = join(project, "node_modules", ".bin", program);
      execFileSync(file, ["--version"], { cwd: project, stdio: ["ignore", "ignore", "inherit"] });
    }
    console.log(`${name}: installs and ${bin ? "runs" : "imports"} alone`);
  }
  tryClaw(tarballs.get("@claw/claw-cli"));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
