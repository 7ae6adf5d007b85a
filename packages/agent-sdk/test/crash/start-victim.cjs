// Runs the bundled victim, whose file is the second argument, with what the engine made of it in its first life: half of
// a start would be compiling. A life that is killed keeps nothing.
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { pathToFileURL } = require("node:url");
const { Script } = require("node:vm");

const [, , , file] = process.argv;
const kept = `${file}.kept`;
const known = existsSync(kept);
const script = new Script(readFileSync(file, "utf8"), {
  filename: file,
  cachedData: known ? readFileSync(kept) : undefined,
});
if (!known) process.on("exit", () => writeFileSync(kept, script.createCachedData()));
script.runInThisContext()(require, {}, pathToFileURL(file).href);
