import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

/** Which packages of ours each package may import: the direction of the house. */
const layers: Readonly<Record<string, readonly string[]>> = {
  "agent-core": [],
  "agent-provider": ["agent-core"],
  "agent-tools": ["agent-core"],
  "agent-permissions": ["agent-core"],
  "agent-tasks": ["agent-core"],
  "agent-sandbox": ["agent-core"],
  "agent-compact": ["agent-core"],
  "agent-journal": ["agent-core"],
  "tools-builtin": ["agent-core", "agent-tools", "agent-tasks"],
  "agent-mcp": ["agent-core", "agent-tools"],
  "agent-extensions": ["agent-core", "agent-tools", "agent-permissions"],
  "agent-sdk": [
    "agent-core",
    "agent-provider",
    "agent-tools",
    "agent-permissions",
    "agent-tasks",
    "agent-sandbox",
    "agent-compact",
    "agent-journal",
    "tools-builtin",
    "agent-mcp",
    "agent-extensions",
  ],
  "claw-cli": ["agent-sdk"],
  testkit: ["agent-core"],
};

/** These run wherever there are web APIs: no Node module, no `process`, no `Buffer`. */
const webOnly = ["agent-core", "agent-provider", "agent-tools", "agent-permissions", "agent-compact"];

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Of the command line: what its one file is bundled from. */
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly engines?: { readonly node?: string };
  readonly exports?: Readonly<Record<string, unknown>>;
}

function manifestOf(name: string): Manifest {
  return JSON.parse(readFileSync(join("packages", name, "package.json"), "utf8"));
}

function sourcesOf(name: string): readonly { readonly file: string; readonly source: string }[] {
  const root = join("packages", name, "src");
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({ file: join(root, file), source: readFileSync(join(root, file), "utf8") }));
}

function importsOf(source: string): readonly string[] {
  const pattern = /(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)["']([^"']+)["']/gm;
  return [...withoutComments(source).matchAll(pattern)].map((match) => match[1] ?? "");
}

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? specifier);
}

const packages = readdirSync("packages");

test("every package has its row in the layer table", () => {
  expect(new Set(packages)).toEqual(new Set(Object.keys(layers)));
});

describe.each(packages)("%s", (name) => {
  const manifest = manifestOf(name);
  const declared = new Set(
    Object.keys({
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
      ...manifest.peerDependencies,
      ...(name === "claw-cli" ? manifest.devDependencies : {}),
    }),
  );
  const imports = sourcesOf(name).flatMap(({ file, source }) =>
    importsOf(source).map((specifier) => ({ file, specifier })),
  );

  test("R18: imports only what its layer may import", () => {
    const wrong = imports.filter(
      ({ specifier }) =>
        specifier.startsWith("@claw/") &&
        !layers[name]?.includes(packageOf(specifier).slice("@claw/".length)),
    );
    expect(wrong).toEqual([]);
  });

  test("declares every package that it imports, and imports every package that it declares", () => {
    const used = new Set(
      imports
        .map(({ specifier }) => specifier)
        .filter((specifier) => !specifier.startsWith(".") && !isBuiltin(specifier))
        .map(packageOf),
    );
    expect([...used].filter((each) => !declared.has(each))).toEqual([]);
    const text = sourcesOf(name)
      .map(({ source }) => source)
      .join("\n");
    const external = name === "claw-cli" ? Object.keys(manifest.optionalDependencies ?? {}) : [];
    const idle = [...declared].filter((each) => !used.has(each) && !text.includes(`"${each}`));
    expect(idle.filter((each) => !external.includes(each))).toEqual([]);
  });

  test("stays inside of itself", () => {
    const outside = imports.filter(({ file, specifier }) => {
      if (!specifier.startsWith(".")) return false;
      const target = join(file, "..", specifier);
      return !target.startsWith(join("packages", name, "src")) || !existsSync(target);
    });
    expect(outside).toEqual([]);
  });

  test("says which Node it needs", () => {
    expect(manifest.engines?.node).toBe(">=20.19");
  });

  test("limits time below another signal by timeLimit: Node 20 lets go of a timeout inside of AbortSignal.any", () => {
    const wrong = sourcesOf(name).filter(({ source }) =>
      ["AbortSignal.any(", "AbortSignal.timeout("].every((each) => withoutComments(source).includes(each)),
    );
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  if (webOnly.includes(name))
    test("uses web APIs only", () => {
      expect(imports.filter(({ specifier }) => isBuiltin(specifier))).toEqual([]);
      const globals = /\b(?:process|Buffer|__dirname|require)\s*[.(]/;
      const wrong = sourcesOf(name).filter(({ source }) => globals.test(withoutComments(source)));
      expect(wrong.map(({ file }) => file)).toEqual([]);
    });

  if (name !== "claw-cli")
    test("prints nothing: stdout belongs to the host", () => {
      const wrong = sourcesOf(name).filter(({ source }) =>
        /\bconsole\.|process\.stdout/.test(withoutComments(source)),
      );
      expect(wrong.map(({ file }) => file)).toEqual([]);
    });
});

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith("node:") || builtinModules.includes(specifier);
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

test.each(packages)(
  "%s reads URLs by `parseUrl`: `URL.canParse` of Node 20 refuses some that are",
  (name) => {
    const asking = sourcesOf(name).filter(({ source }) => withoutComments(source).includes("URL.canParse("));
    expect(asking.map(({ file }) => file)).toEqual([]);
  },
);

interface Library {
  readonly name: string;
  readonly user: string;
  readonly takes: Readonly<Record<string, readonly string[]>>;
}

const commandLine = new URL("../packages/claw-cli/", import.meta.url);
const { libraries }: { readonly libraries: readonly Library[] } = await import(
  new URL("libraries.js", commandLine).href
);

test.each(libraries)("$name beside the program has all that the sources take from it", async (library) => {
  const taken = library.name === "mcp-client" ? takenOfSdk() : takenBy(library);
  const beside: object = await import(new URL(`dist/beside/${library.name}.js`, commandLine).href);
  expect(taken.length).toBeGreaterThan(0);
  expect(taken.filter((name) => !(name in beside))).toEqual([]);
});

/** What stands in `const { … } = await import("…")`. */
function takenBy({ user, takes }: Library): readonly string[] {
  const modules = Object.keys(takes).map((module) => module.split("/src/").at(-1) ?? module);
  return sourcesOf(user).flatMap(({ source }) =>
    [...source.matchAll(/\{([^{}]*)\} = await import\(\s*"([^"]*)"/g)]
      .filter(([, , from = ""]) => modules.some((module) => from.endsWith(module)))
      .flatMap(([, names = ""]) => namesIn(names)),
  );
}

/** The client is handed on as a whole, and taken apart where it is used. */
function takenOfSdk(): readonly string[] {
  return sourcesOf("agent-mcp").flatMap(({ source }) => [
    ...[...source.matchAll(/(?<![-\w])sdk\.(\w+)/g)].map(([, name = ""]) => name),
    ...[...source.matchAll(/\{([^{}]*)\}: Sdk\b/g)].flatMap(([, names = ""]) => namesIn(names)),
  ]);
}

/** Of `a, b: c`: a and b. */
function namesIn(pattern: string): readonly string[] {
  const names = pattern.split(",").map((name) => name.split(":")[0]?.trim() ?? "");
  return names.filter((name) => name !== "");
}
