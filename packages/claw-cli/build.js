import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { besideFile, contentsOf, libraries, libraryOf } from "./libraries.js";

/**
 * Node's own modules are asked for where something of them is first used. As plain imports they would all be loaded at
 * each start, `node:crypto` for `claw --version` too. What an importer has used once it keeps; only named imports work
 * with this.
 */
const lazyBuiltins = {
  name: "lazy-builtins",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path }) =>
      isBuiltin(path) ? { path, namespace: "builtin", sideEffects: false } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({ contents: lazyModule(path) }));
  },
};

/** The bundler makes each importer an object that inherits from this one, and reads names from that. */
function lazyModule(path) {
  return `module.exports = Object.create(new Proxy({}, {
    get(_, name, importer) {
      const value = process.getBuiltinModule(${JSON.stringify(path)})[name];
      Object.defineProperty(importer, name, { value });
      return value;
    },
  }));`;
}

/**
 * An import from one of our packages becomes imports from the files that define the names. Through the packages' lists
 * of exports, the first part that is needed of a package would run all parts that anything else needs of it.
 */
const directImports = {
  name: "direct-imports",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]packages[\\/][^\\/]+[\\/]src[\\/].*\.ts$/ }, ({ path }) => ({
      loader: "ts",
      contents: readFileSync(path, "utf8").replace(
        /^import \{([^}]*)\} from "@claw\/([^/"]+)";$/gm,
        (_, names, name) =>
          valuesIn(names)
            .map((value) => directImport(value, name))
            .join(" "),
      ),
    }));
  },
};

function directImport({ name, as }, packageName) {
  return `import { ${name} as ${as} } from ${JSON.stringify(definitionsIn(packageName).get(name))};`;
}

const known = new Map();

/** The file behind each value that a package exports. */
function definitionsIn(name) {
  const folder = fileURLToPath(new URL(`../${name}/src/`, import.meta.url));
  const definitions = known.get(name) ?? new Map();
  if (known.has(name)) return definitions;
  known.set(name, definitions);
  for (const [, names, from] of readFileSync(`${folder}index.ts`, "utf8").matchAll(
    /^export \{([^}]*)\} from "([^"]+)";$/gm,
  )) {
    for (const value of valuesIn(names)) {
      const theirs = from.startsWith("@claw/") ? definitionsIn(from.slice("@claw/".length)) : undefined;
      definitions.set(value.as, theirs === undefined ? join(folder, from) : theirs.get(value.name));
    }
  }
  return definitions;
}

/** Of `a, type B, c as d`: a and c. */
function valuesIn(names) {
  return names
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "" && !each.startsWith("type "))
    .map((each) => each.split(" as "))
    .map(([name, as = name]) => ({ name, as }));
}

/** What few runs need is imported from files of its own. */
const besideTheProgram = {
  name: "beside-the-program",
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ path, kind }) => {
      const library = libraryOf(path);
      if (library === undefined) return undefined;
      if (kind === "dynamic-import") return { path: besideFile(library), external: true };
      return { errors: [{ text: `${path} is beside the program: only import() finds it there.` }] };
    });
  },
};

/** A package that is one function is made when it is first called: no plain query has a rule or a search that asks for it. */
const lazyFunctions = {
  name: "lazy-functions",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^ignore$/ }, ({ path, resolveDir, namespace }) =>
      namespace === "lazy" ? undefined : { path, namespace: "lazy", pluginData: resolveDir },
    );
    onLoad({ filter: /.*/, namespace: "lazy" }, ({ path, pluginData }) => ({
      contents: `module.exports = (...given) => require(${JSON.stringify(path)})(...given);`,
      resolveDir: pluginData,
    }));
  },
};

/** The SDK's check of JSON Schema that generates no code: ours comes on top of it. */
const lightValidator = {
  name: "light-validator",
  setup({ onResolve, resolve }) {
    onResolve(
      { filter: /^@modelcontextprotocol\/(?:client|server)\/_shims$/ },
      async ({ path, resolveDir }) => {
        const [scope, name] = path.split("/");
        const main = await resolve(`${scope}/${name}`, { resolveDir, kind: "import-statement" });
        return { path: join(main.path, "..", "shimsWorkerd.mjs") };
      },
    );
  },
};

async function bundleLibrary(library) {
  await build({
    stdin: {
      contents: contentsOf(library),
      resolveDir: fileURLToPath(new URL(`../${library.user}/`, import.meta.url)),
    },
    outfile: fileURLToPath(new URL(besideFile(library), new URL("dist/", import.meta.url))),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    plugins: [lightValidator],
    minify: true,
    keepNames: true,
    legalComments: "none",
    logLevel: "warning",
  });
}

await Promise.all(libraries.map(bundleLibrary));

/** One file for the whole program: what is behind `import()` is in it too and runs when it is first needed. */
const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL("src/index.ts", import.meta.url))],
  write: false,
  bundle: true,
  platform: "node",
  format: "iife",
  globalName: "claw",
  target: "node20",
  conditions: ["@claw/source"],
  external: ["@vscode/ripgrep", "unpdf"],
  plugins: [lazyBuiltins, lazyFunctions, directImports, besideTheProgram],
  minifySyntax: true,
  minifyWhitespace: true,
  // A start reads and instantiates all of the program, names too: with short ones it is a third less to read.
  minifyIdentifiers: true,
  legalComments: "none",
  sourcemap: false,
  logLevel: "warning",
});

// A module whose first statement makes the program: bin/claw.js runs what stands in it as a script. The digest tells
// whose compiled code a kept one is. A script that was compiled before cannot import: it is handed the means.
const script = countingParts(outputFiles[0].text.trimEnd().replaceAll(/\bimport\(/g, "importPackage("));
const foreign = /.{0,40}[^\0-\x7f].{0,40}/.exec(script);
if (foreign !== null) throw new Error(`The program must be ASCII; write an escape in: ${foreign[0]}`);
const digest = createHash("sha256").update(script).digest("hex");
const folder = fileURLToPath(new URL("dist/", import.meta.url));
mkdirSync(folder, { recursive: true });
// In one step: a program that starts meanwhile gets the whole of one or of the other.
const program = `((importPackage, __parts) => {${script}\nreturn claw;})`;
const whole = `const claw = ${program}((name) => import(name), []);\nexport const { main, start } = claw; // ${digest}\n`;
writeFileSync(`${folder}claw.js.${process.pid}`, whole);
renameSync(`${folder}claw.js.${process.pid}`, `${folder}claw.js`);

/**
 * The program notes in `__parts` which of its modules it ran, each by its number: the bundler makes a function of each
 * that runs it when it is first needed, with a helper that is found here by its beginning.
 */
function countingParts(text) {
  const helper = /var (\w+)=\((\w+),(\w+),(\w+)\)=>\(\)=>\{(?=if\(\4\)throw \4\[0\];try\{return \2&&)/g;
  const counting = "var __count=0,$1=($2,$3,$4,__part=__count++)=>()=>{__parts[__part]=1;";
  if (text.match(helper)?.length !== 1)
    throw new Error("The bundler's helper for modules is another one now.");
  return text.replace(helper, counting);
}
