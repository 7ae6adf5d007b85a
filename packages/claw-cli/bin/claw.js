#!/usr/bin/env node
const fs = require("node:fs");
const { join } = require("node:path");
const { Script } = require("node:vm");

// Half of a start would be reading and compiling the program. What the engine made of it is kept, in
// CLAW_HOME/cache, and used by the next start of the same program on the same Node. Nothing depends on it: whatever is
// wrong with it, the program is compiled anew.

/** After the digest: how many runs the code is of, in bytes enough that the code begins where the engine likes it. */
const headRest = 8;
/** What so many whole runs did not need is rarely needed. */
const lessons = 4;

const program = join(__dirname, "../dist/claw.js");
const text = readProgram();
const beginning = "const claw = ";
const ending = "((name) => import(name));\nexport ";
const digest = text.slice(-65, -1);
const place = cachePlace();
const { script, known } = load(place && readCache(place.file));
// What has not run has not been compiled: `claw --version` has nothing to add.
// Packages that are optional are imported from here: code that was compiled before cannot.
const claw = script.runInThisContext()((name) => import(name));
claw.start((command, code) => {
  if (place !== undefined && command === "run" && code === 0 && known.runs < lessons) keepCache(place, known);
});

/** Lets go of the kept code, which the engine has a copy of, unless there will be more of it. */
function load(kept) {
  const script = new Script(text.slice(beginning.length, text.lastIndexOf(ending)), {
    filename: program,
    columnOffset: beginning.length,
    cachedData: kept?.code,
  });
  if (kept === undefined || script.cachedDataRejected)
    return { script, known: { runs: 0, code: Buffer.alloc(0) } };
  return { script, known: kept.runs < lessons ? kept : { runs: kept.runs } };
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
    return { runs: bytes[digest.length], code: bytes.subarray(digest.length + headRest) };
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

/** Only into a home that is there, and whole or not at all. The engine forgets what a long run no longer uses. */
function keepCache({ folder, file: path }, { runs, code }) {
  const made = script.createCachedData();
  const head = Buffer.concat([Buffer.from(digest), Buffer.alloc(headRest, runs + 1)]);
  const bytes = Buffer.concat([head, made.length > code.length ? made : code]);
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
