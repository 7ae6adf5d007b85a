#!/usr/bin/env node
const fs = require("node:fs");
const { join } = require("node:path");
const { Script } = require("node:vm");

// Half of a start would be reading and compiling the program. What the engine made of it is kept, in
// CLAW_HOME/cache, and used by the next start of the same program on the same Node. Nothing depends on it: whatever is
// wrong with it, the program is compiled anew.

/** After the digest: how many runs the code is of, in bytes enough that the code begins where the engine likes it. */
const runsLength = 8;
/** After that a byte for each part of the program, 1 for those that the code is of. Later parts are not told apart. */
const partsLength = 4096;
/** What so many whole runs did not need is rarely needed; it is learned with the part that it belongs to. */
const lessons = 4;

const program = join(__dirname, "../dist/claw.js");
const text = readProgram();
const beginning = "const claw = ";
const ending = "((name) => import(name), []);\nexport ";
const digest = text.slice(-65, -1);
const place = cachePlace();
const { script, known } = load(place && readCache(place.file));
/** Those that are known, and those that the program runs. */
const parts = Buffer.from(known.parts);
// Packages that are optional are imported from here: code that was compiled before cannot.
const claw = script.runInThisContext()((name) => import(name), parts);
claw.start((command, code) => {
  // What has not run has not been compiled: `claw --version` has nothing to add.
  if (place === undefined || command !== "run" || code !== 0) return;
  if (known.runs < lessons || !parts.equals(known.parts)) keepCache(place);
});

/** Keeps nothing of the kept code, which the engine has a copy of. */
function load(kept) {
  const script = new Script(text.slice(beginning.length, text.lastIndexOf(ending)), {
    filename: program,
    columnOffset: beginning.length,
    cachedData: kept?.code,
  });
  if (kept === undefined || script.cachedDataRejected)
    return { script, known: { runs: 0, parts: Buffer.alloc(partsLength) } };
  return { script, known: { runs: kept.runs, parts: Buffer.from(kept.parts) } };
}

/** In Latin-1, which the program fits in: the engine takes it as it is. */
function readProgram() {
  try {
    return fs.readFileSync(program, "latin1");
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    process.stderr.write(
      "claw: the program is not built.\n      Run npm run build in its repository first.\n",
    );
    process.exit(1);
  }
}

function cachePlace() {
  const { CLAW_HOME, HOME } = process.env;
  const home = CLAW_HOME || (HOME && join(HOME, ".claw"));
  if (!home) return undefined;
  const folder = join(home, "cache");
  return { folder, file: join(folder, `program-${process.version}-${process.arch}`) };
}

/** Code that somebody else could have written is not run. */
function readCache(path) {
  let file;
  try {
    file = fs.openSync(path);
    const { uid, mode } = fs.fstatSync(file);
    if (process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o022) !== 0)) return undefined;
    const bytes = fs.readFileSync(file);
    if (bytes.latin1Slice(0, digest.length) !== digest) return undefined;
    const rest = bytes.subarray(digest.length + runsLength);
    const code = rest.subarray(partsLength);
    return { runs: bytes[digest.length], parts: rest.subarray(0, partsLength), code };
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

/** Only into a home that is there, and whole or not at all. The engine forgets what a long run no longer uses. */
function keepCache({ folder, file: path }) {
  const made = { parts, code: script.createCachedData() };
  const kept = known.runs === 0 ? undefined : readCache(path);
  const best = kept === undefined || made.code.length > kept.code.length ? made : kept;
  if (best === kept && known.runs >= lessons) return;
  const runs = Buffer.alloc(runsLength, Math.min(known.runs + 1, lessons));
  const bytes = Buffer.concat([Buffer.from(digest), runs, best.parts, best.code]);
  const draft = `${path}.${process.pid}`;
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch {
    // It is there, or there is no home to keep anything in.
  }
  try {
    const file = fs.openSync(draft, "wx", 0o600);
    try {
      if (fs.writeSync(file, bytes) !== bytes.length) throw new Error("The disk is full.");
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    fs.renameSync(draft, path);
  } catch {
    try {
      fs.unlinkSync(draft);
    } catch {
      // It was never made.
    }
  }
}
