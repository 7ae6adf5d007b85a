import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const run = promisify(execFile);

interface Block {
  readonly name: string;
  readonly code: string;
}

/** Every TypeScript block of every document, as it stands there. */
async function blocks(): Promise<readonly Block[]> {
  const files = ["README.md"];
  for (const name of await readdir("packages")) files.push(join("packages", name, "README.md"));
  for (const entry of await readdir("docs", { recursive: true }))
    if (entry.endsWith(".md")) files.push(join("docs", entry));
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(file, "utf8");
      return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match, index) => ({
        name: `${file} block ${index + 1}`,
        code: match[1] ?? "",
      }));
    }),
  );
  return found.flat();
}

async function examples(): Promise<readonly Block[]> {
  const files = (await readdir("examples")).filter((file) => file.endsWith(".ts")).sort();
  return Promise.all(
    files.map(async (file) => ({
      name: `examples/${file}`,
      code: await readFile(join("examples", file), "utf8"),
    })),
  );
}

const all = [...(await blocks()), ...(await examples())];
let folder = "";

beforeAll(async () => {
  // Inside the repository, so that the packages resolve as they do for a user of this workspace.
  folder = await mkdtemp(join(process.cwd(), "node_modules", ".documents-"));
  await Promise.all(all.map(({ code }, index) => writeFile(join(folder, `${index}.ts`), code)));
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../../tsconfig.base.json",
      compilerOptions: {
        composite: false,
        declaration: false,
        declarationMap: false,
        sourceMap: false,
        isolatedDeclarations: false,
        noUnusedLocals: false,
        customConditions: [],
        outDir: "out",
        rootDir: ".",
      },
      include: ["*.ts"],
    }),
  );
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the declarations of the packages", () => {
  const strict = { ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false }, noEmit: true };
  const web = ["core", "provider", "tools", "permissions", "compact"].map((name) => `@claw/agent-${name}`);

  test.each([
    ["web packages, nodenext", web, { module: "nodenext", lib: ["es2022", "dom"], types: [] }],
    ["the SDK, nodenext", ["@claw/agent-sdk"], { module: "nodenext", lib: ["es2022"], types: ["node"] }],
    [
      "the SDK, bundler",
      ["@claw/agent-sdk"],
      { module: "esnext", moduleResolution: "bundler", lib: ["es2022", "dom"], types: ["node"] },
    ],
  ])(
    "are whole in a project that checks libraries: %s",
    async (_, packages, options) => {
      const project = await mkdtemp(join(folder, "declarations-"));
      await writeFile(join(project, "use.ts"), packages.map((name) => `import "${name}";\n`).join(""));
      const compilerOptions = { ...strict, target: "es2022", ...options };
      await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
      const tsc = join("node_modules", "typescript", "bin", "tsc");
      const { stdout } = await run(process.execPath, [tsc, "-p", project]).catch((error) => error);
      expect(stdout).toBe("");
    },
    120_000,
  );
});

describe("every code block of the documents", () => {
  test("there are some, and each package has one", async () => {
    for (const name of await readdir("packages")) {
      if (name === "claw-cli" || name === "testkit") continue;
      expect(
        all.some((block) => block.name.startsWith(join("packages", name))),
        name,
      ).toBe(true);
    }
  });

  test("compiles as it stands", async () => {
    const tsc = join("node_modules", "typescript", "bin", "tsc");
    await expect(run(process.execPath, [tsc, "-p", folder])).resolves.toMatchObject({ stderr: "" });
  }, 120_000);

  test.each(all.map(({ name }, index) => ({ name, index })))(
    "runs: $name",
    async ({ index }) => {
      const file = join(folder, "out", `${index}.js`);
      const { stdout } = await run(process.execPath, [file], {
        timeout: 30_000,
        env: { PATH: process.env["PATH"], HOME: folder, CLAW_HOME: join(folder, "home") },
      });
      expect(stdout).not.toBe("");
    },
    60_000,
  );
});

test("the decisions have one number each, and their list has every one, under its title", async () => {
  const folder = join("docs", "decisions");
  const list = await readFile(join(folder, "README.md"), "utf8");
  const rows = [...list.matchAll(/^\| \[(\d+)\]\((.+?)\) \| (.+) \|$/gm)];
  const files = (await readdir(folder)).filter((name) => name !== "README.md");
  expect(new Set(rows.map(([, , file]) => file))).toEqual(new Set(files));
  for (const [, number = "", file = "", title] of rows) {
    const [, own, ownTitle] = /^# (\d+)\. (.+)$/m.exec(await readFile(join(folder, file), "utf8")) ?? [];
    expect(own, file).toBe(number);
    expect(file.startsWith(`${number.padStart(4, "0")}-`), file).toBe(true);
    expect(title?.startsWith(ownTitle ?? "no title"), file).toBe(true);
  }
  expect(new Set(rows.map(([, number]) => number)).size).toBe(rows.length);
});
