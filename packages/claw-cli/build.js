import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** One file for the whole program: what is behind `import()` is in it too and runs when it is first needed. */
await build({
  entryPoints: [fileURLToPath(new URL("src/index.ts", import.meta.url))],
  outfile: fileURLToPath(new URL("dist/claw.js", import.meta.url)),
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  conditions: ["@claw/source"],
  external: ["@vscode/ripgrep", "unpdf"],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  sourcemap: false,
  logLevel: "warning",
});
