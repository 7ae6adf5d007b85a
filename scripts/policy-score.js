// Decides the labelled corpus of agent-permissions and prints, for each file and class, what was allowed that must not be,
// which denials were weakened, and how much of what is everyday was asked about. Exit code 1 where a bar is missed.
//   npm run policy:score
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const tests = join(root, "packages/agent-permissions/test");
// Inside the repository, so that its packages resolve.
const folder = mkdtempSync(join(root, "node_modules/.policy-score-"));
try {
  const outfile = join(folder, "score.js");
  await build({
    entryPoints: [join(tests, "support/score-corpus.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["@claw/source"],
    outfile,
  });
  const { scoreCorpus, scoreReport } = await import(pathToFileURL(outfile).href);
  const { text, good } = scoreReport(await scoreCorpus(join(tests, "corpus")));
  console.log(text);
  process.exitCode = good ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
