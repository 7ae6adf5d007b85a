import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * Node's own modules are asked for where a part of the program first runs. As plain imports they would all be hoisted
 * to the top of the one file and loaded at each start, `node:zlib` for `claw --version` too. The inheriting object
 * spares each importer the bundler's copy of a hundred properties; only named imports work with it.
 */
const lazyBuiltins = {
  name: "lazy-builtins",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path }) =>
      isBuiltin(path) ? { path, namespace: "builtin", sideEffects: false } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = Object.create(process.getBuiltinModule(${JSON.stringify(path)}));`,
    }));
  },
};

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
  plugins: [lazyBuiltins],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  sourcemap: false,
  logLevel: "warning",
});
