import fc from "fast-check";

/** Command lines that bash may be given without harm: no program in them exists, and they write only where they run. */
export function commandLines(count: number, seed: number): readonly string[] {
  const third = Math.ceil(count / 3);
  return [line, soup, glued].flatMap((lines) => fc.sample(lines, { numRuns: third, seed }));
}

/** Names that no shell knows: each that bash would run lands in the log, with its arguments. */
const programs: readonly string[] = ["c0", "c1", "c2", "rm", "git"];
const words: readonly string[] = [
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
  "{a,b}{1,2}",
  "-{x,y}",
  "{3..1}",
  "{a,b",
  "{a,{b,c}}",
  "{a,'b c'}",
  "$v",
  '"$v"',
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: parameter expansions of bash
  '"${v}/x"',
  "x${v}y",
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: parameter expansions of bash
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
    tie("line").map((line) => `for v in a 'b c' -f; do ${line}; done`),
    tie("line").map((line) => `for v in {1..3} *.none; do c0 "$v" $v; ${line}; done`),
    tie("line").map((line) => `v=a; ${line}`),
    tie("line").map((line) => `v='b c'; c1 $v "$v"; ${line}`),
    tie("line").map((line) => `v=c2 && $v x; ${line}`),
    tie("line").map((line) => `coproc { ${line}; }`),
    tie("line").map((line) => `trap '${line.replaceAll("'", "'\\''")}' EXIT`),
    tie("line").map((line) => `until ${line}; do c0 body; break; done`),
    tie("line").map((line) => `(( 1 + $(c1 sum) )) || ${line}`),
    tie("line").map((line) => `select v in a; do ${line}; break; done`),
    tie("line").map((line) => `c0 < <(${line})`),
    tie("line").map((line) => `command c0 x; builtin eval '${line.replaceAll("'", "'\\''")}'`),
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

/** Pieces of command lines in any order. */
const soup: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...words, ...programs, ...redirects, ";", "&&", "|", "(", ")", "\n", "#"), {
    maxLength: 8,
  })
  .map((pieces) => pieces.join(" "));

/** Pieces without a blank between them, most of which are only the beginning or the end of something. */
const glued: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      ...[
        "c0 ",
        "c1 ",
        "c2",
        "rm ",
        "a",
        "1",
        "2",
        " ",
        " ",
        "\n",
        "\\",
        "\\\n",
        "=",
        "a=",
        "-",
        "{fd}",
        "#",
        "!",
      ],
      ...[
        "'",
        '"',
        "`",
        "$'",
        '$"',
        "$(",
        "$((",
        "))",
        "(",
        ")",
        "()",
        "{ ",
        "}",
        "[",
        "]",
        "[[ ",
        " ]]",
        "*",
        "~",
      ],
      ...[
        "<(c1 in)",
        ">(c1 out)",
        "<&-",
        ">&-",
        ">& -",
        ">&2",
        ">o",
        "&>o",
        "<<<",
        "<<E\n",
        "<<-'E'\n",
        "\nE\n",
      ],
      ...[
        "|",
        "|&",
        "&",
        "&&",
        "||",
        ";",
        ";;",
        "$X",
        "${X:-",
        "@(",
        "if ",
        " then ",
        " fi",
        "for v in ",
        " do ",
      ],
      ...[" done", "while ", "case x in ", "x)", "*) ", "esac", "time ", "coproc ", "é", "\r"],
    ),
    { minLength: 2, maxLength: 9 },
  )
  .map((pieces) => `c0 ${pieces.join("")}`);
