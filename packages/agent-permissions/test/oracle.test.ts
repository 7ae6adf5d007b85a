import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { commandLayers } from "../src/shell/command-layers.ts";
import { innerScripts } from "../src/shell/inner-scripts.ts";
import { parseShell } from "../src/shell/parse-shell.ts";
import { shellParts } from "../src/shell/shell-parts.ts";
import type { ShellWord } from "../src/shell/shell-script.ts";

/** Names that no shell knows: each that bash would run lands in the log, with its arguments. */
const programs = ["c0", "c1", "c2", "rm", "git"];
const words = [
  "a",
  "-f",
  "a b",
  "'a b'",
  '"a  b"',
  "x''y",
  "r\\m",
  "\\-d",
  "$'\\x72\\155'",
  "$'a\\tb'",
  '"q\\"r"',
  "'it'\\''s'",
  "~",
  "~/x",
  "a=~/x",
  "a#b",
  "{a,b}",
  "{1..3}",
  "*.none",
  "[ab]",
  "?",
  "$X",
  '"$X"',
  "$?",
  '"$(c1 in)"',
  "$(c1 in)",
  "`c2 tick`",
  '`c2 \\`c1 deep \\\\"q\\`; c0 after`',
  "`c2 \\`c1\\` 'x y'`",
  '"`c2 \\"q\\"`"',
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: parameter expansions of bash
  "${X:-$(c1 dflt)}",
  '"${X:-`c2 y`}"',
  "${X+z}",
  "${#X}",
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: parameter expansions of bash
  "$((1+1))",
  "$((`c1 3`))",
  "<(c1 sub)",
  "!",
  "{",
  "}",
  "[[",
  "=x",
  "a\\\nb",
  "''",
  '""',
  "$",
  "a$",
  "%",
  "^",
  ",",
  ":",
  "@(a|b)",
  "é",
  "日本",
];
const redirects = [
  "> out",
  "2>&1",
  ">| out",
  "&> out",
  "< /dev/null",
  "<<< here",
  "2> out",
  ">> out",
  "{fd}> out",
];
const prefixes = ["A=1", "A=$(c1 assign)", "A='x y'", "A+=2", "B=(1 $(c2 el))"];

const simple: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.constantFrom(...prefixes), { maxLength: 1 }),
    fc.constantFrom(...programs, ...programs, "r''m", "c\\0", '"c1"', "$'c2'", "$X", "$(c1 head)", "c\\\n0"),
    fc.array(fc.constantFrom(...words), { maxLength: 4 }),
    fc.array(fc.constantFrom(...redirects), { maxLength: 1 }),
  )
  .map(([before, name, after, redirect]) => [...before, name, ...after, ...redirect].join(" "));

const { line } = fc.letrec<{ line: string; unit: string }>((tie) => ({
  unit: fc.oneof(
    { maxDepth: 2, depthIdentifier: "shell" },
    simple,
    simple,
    tie("line").map((line) => `( ${line} )`),
    tie("line").map((line) => `{ ${line}; }`),
    tie("line").map((line) => `! ${line}`),
    tie("line").map((line) => `time ${line}`),
    tie("line").map((line) => `if ${line}; then c0 then; else c1 else; fi`),
    tie("line").map((line) => `while ${line}; do c0 body; break; done`),
    tie("line").map((line) => `for i in a $(c1 list); do ${line}; done`),
    tie("line").map(
      (line) => `case $(c0 word; echo a) in $(c1 pattern)) c2 first;; a) ${line};; *) c2 other;; esac`,
    ),
    // A name of its own: one that is defined in a subshell and called outside would call itself.
    fc.tuple(tie("line"), fc.nat()).map(([line, n]) => `f${n}() { ${line}; }; f${n}`),
    tie("line").map((line) => `eval '${line.replaceAll("'", "'\\''")}'`),
    tie("line").map((line) => `c0 <<END\nbody $(c1 doc)\nEND\n${line}`),
    tie("line").map((line) => `c0 <<'END'\nbody $(c1 doc)\nEND\n${line}`),
    tie("line").map((line) => `[[ a == $(c1 test) ]] && ${line}`),
  ),
  line: fc
    .tuple(
      tie("unit"),
      fc.array(fc.tuple(fc.constantFrom(" && ", " || ", "; ", " | ", " |& ", "\n"), tie("unit")), {
        maxLength: 2,
      }),
    )
    .map(([head, rest]) => head + rest.map(([operator, unit]) => operator + unit).join("")),
}));

test("class 12: every command that bash would run is in the analysis, or the analysis says that it does not know", () => {
  const samples = fc.sample(line, { numRuns: 250, seed: 20261122 });
  const wild = fc.sample(
    fc
      .array(fc.constantFrom(...words, ...programs, ...redirects, ";", "&&", "|", "(", ")", "\n", "#"), {
        maxLength: 8,
      })
      .map((pieces) => pieces.join(" ")),
    { numRuns: 250, seed: 7 },
  );
  const cases = [...samples, ...wild];
  const missed: string[] = [];
  let executed = 0;
  for (const status of [0, 1]) {
    const runs = bashRuns(cases, status);
    for (const [i, source] of cases.entries()) {
      const known = analysis(source);
      for (const argv of runs.get(i) ?? []) {
        executed += 1;
        if (!known(argv)) missed.push(`${JSON.stringify(source)} runs ${JSON.stringify(argv)}`);
      }
    }
  }
  expect(missed).toEqual([]);
  // The oracle is only worth something if bash really ran most of it.
  expect(executed).toBeGreaterThan(1000);
});

/** What the analysis makes of a command line: a judge of whether a call was foreseen. */
function analysis(source: string): (argv: readonly string[]) => boolean {
  const script = parseShell(source, "/home/nobody");
  if (script.faults.length > 0) return () => true;
  const calls: (readonly ShellWord[])[] = [];
  let unread = false;
  const collect = (text: string, depth: number): void => {
    const inner = parseShell(text, "/home/nobody");
    if (inner.faults.length > 0 || depth > 5) unread = true;
    for (const { command } of shellParts(inner, "/", text)) {
      for (const layer of commandLayers(command.words)) {
        calls.push(layer.words);
        const scripts = innerScripts(layer.words);
        if (layer.words.length > 0 && scripts.unknown) unread = true;
        for (const known of scripts.known) collect(known, depth + 1);
      }
    }
  };
  collect(source, 0);
  return (argv) => unread || calls.some((call) => foresees(call, argv));
}

/** Literal words match themselves; after the first unknown one, anything may follow. */
function foresees(call: readonly ShellWord[], argv: readonly string[]): boolean {
  for (const [i, word] of call.entries()) {
    if (word.literal === undefined) return true;
    if (word.literal !== argv[i]) return false;
  }
  return call.length === argv.length;
}

/** The argument lists that bash tried to execute for each case; nothing is found, as there is no PATH. */
function bashRuns(cases: readonly string[], status: number): ReadonlyMap<number, readonly string[][]> {
  const folder = mkdtempSync(path.join(tmpdir(), "oracle-"));
  try {
    writeFileSync(path.join(folder, "cases"), cases.map((source) => `${source}\0`).join(""));
    const driver = [
      `command_not_found_handle() { builtin printf '%s\\0' "$CASE" "$#" "$@" >&9; return ${status}; }`,
      // Whatever the generator thinks up, it ends.
      "FUNCNEST=20; ulimit -t 20",
      "mapfile -d '' CASES < cases",
      "exec 9>> log",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: expansions of bash
      'for CASE in "${!CASES[@]}"; do (eval "${CASES[CASE]}") < /dev/null > /dev/null 2>&1 & wait $!; done',
    ].join("\n");
    spawnSync("/bin/bash", ["--noprofile", "--norc", "-c", driver], {
      cwd: folder,
      env: { PATH: "/nowhere", HOME: "/home/nobody" },
      timeout: 25_000,
      killSignal: "SIGKILL",
    });
    const fields = readFileSync(path.join(folder, "log"), "utf8").split("\0");
    const runs = new Map<number, string[][]>();
    for (let i = 0; i + 1 < fields.length; ) {
      const number = Number(fields[i]);
      const count = Number(fields[i + 1]);
      runs.set(number, [...(runs.get(number) ?? []), fields.slice(i + 2, i + 2 + count)]);
      i += 2 + count;
    }
    return runs;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
