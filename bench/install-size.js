import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Packs the command line, installs it in an empty project, and says what that brought. Needs the registry. */
export function installSize(folder, packageFolder) {
  const npm = (args, cwd) =>
    execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const [packed] = JSON.parse(npm(["pack", "--json", "--pack-destination", folder], packageFolder));
  const project = join(folder, "install");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{"private":true}');
  npm(["install", "--no-audit", "--no-fund", join(folder, packed.filename)], project);
  const lock = JSON.parse(readFileSync(join(project, "node_modules/.package-lock.json"), "utf8"));
  return {
    packages: Object.keys(lock.packages).length,
    mb: bytesIn(join(project, "node_modules")) / 1e6,
  };
}

function bytesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => lstatSync(join(folder, name)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
}
