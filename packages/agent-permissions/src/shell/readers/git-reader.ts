import type { ShellWord } from "../shell-script.ts";
import { type FlagTable, flagTable, type ParsedFlags, readFlags } from "./read-flags.ts";
import { type Reading, reads, unproven } from "./reading.ts";

/** The commands of git that change nothing, with flags that make them neither write nor run a program. */
export function gitReader(words: readonly ShellWord[]): Reading {
  let at = 0;
  while (harmlessGlobals.has(words[at]?.literal ?? "")) at += 1;
  const name = words[at]?.literal;
  const form = name === undefined ? undefined : forms.get(name);
  if (form === undefined) return unproven(`git ${name ?? "without a clear command"} may change something`);
  const parsed = readFlags(words.slice(at + 1), form.table);
  if (typeof parsed === "string") return unproven(parsed);
  if (parsed.operands.some(({ literal }) => literal === undefined)) {
    return unproven("what its arguments become is not known");
  }
  if (!form.accepts(parsed)) return unproven(`this form of git ${name} may change something`);
  const operands = name === "grep" && !parsed.given.has("-e") ? parsed.operands.slice(1) : parsed.operands;
  return reads(operands.flatMap(operandPaths), { folder: true });
}

const harmlessGlobals: ReadonlySet<string> = new Set(["--no-pager", "--no-optional-locks", "-P"]);

/** A revision may name a file (`HEAD:.env`), and a path outside makes `git diff` compare any two files. */
function operandPaths(word: ShellWord): readonly ShellWord[] {
  const colon = word.literal?.indexOf(":") ?? -1;
  const path = word.literal?.slice(colon + 1) ?? "";
  return colon < 0 || path === "" ? [word] : [word, { text: word.text, literal: path }];
}

interface GitForm {
  readonly table: FlagTable;
  readonly accepts: (parsed: ParsedFlags) => boolean;
}

/** Settings without secrets. */
const shownSettings = /^(user|core|init|branch|pull|push|merge|rebase|color|commit|fetch|status|log)\./i;

function settingShown({ given, operands }: ParsedFlags): boolean {
  return (
    (given.has("--get") || given.has("--get-all")) &&
    operands.length === 1 &&
    shownSettings.test(operands[0]?.literal ?? "")
  );
}

const any = (): boolean => true;
const noOperands = ({ operands }: ParsedFlags): boolean => operands.length === 0;

function form(flags: string, values = "", accepts: GitForm["accepts"] = any, number = false): GitForm {
  return { table: flagTable({ flags, values, number }), accepts };
}

/** Operands are patterns only next to one of these flags; without it they name something to make. */
function listing(...flags: readonly string[]): GitForm["accepts"] {
  return ({ given, operands }) => operands.length === 0 || flags.some((flag) => given.has(flag));
}

const diffFlags =
  "-p -u --patch -s --no-patch --raw --stat= --numstat --shortstat --dirstat= --summary --name-only --name-status --color= --no-color --color-words= --word-diff= --check --full-index --binary --abbrev= -R -a --text -w -b --ignore-all-space --ignore-space-change --ignore-space-at-eol --ignore-blank-lines -W --function-context --exit-code --quiet --no-ext-diff --no-textconv --no-renames -M= -C= --find-renames= --find-copies= --patience --histogram --minimal --compact-summary --no-prefix --relative= -z --pickaxe-regex --pickaxe-all --cc --no-indent-heuristic";
const diffValues = "-U --unified -S -G --diff-filter --diff-algorithm --inter-hunk-context";

const logFlags = `${diffFlags} --oneline --graph --all --branches= --tags= --remotes= --decorate= --no-decorate --pretty= --format= --abbrev-commit --no-abbrev-commit --first-parent --merges --no-merges --reverse --follow --date-order --topo-order --author-date-order --relative-date --parents --children --left-right --cherry --cherry-pick --cherry-mark --source --full-history --simplify-merges --simplify-by-decoration --no-walk --walk-reflogs -g -i --regexp-ignore-case -E --extended-regexp -F --fixed-strings --invert-grep --all-match --count --boundary --no-notes -m -c`;
const logValues = `${diffValues} -n --max-count --skip --since --after --until --before --author --committer --grep --date --encoding -L`;

const forms: ReadonlyMap<string, GitForm> = new Map([
  [
    "status",
    form(
      "-s --short -b --branch -v --verbose --porcelain= --long -u= --untracked-files= --ignored= -z --show-stash --ahead-behind --no-ahead-behind --column= --no-column --no-renames",
    ),
  ],
  ["log", form(logFlags, logValues, any, true)],
  ["show", form(logFlags, logValues, any, true)],
  ["diff", form(`${diffFlags} --cached --staged --merge-base`, diffValues)],
  ["diff-tree", form(`${diffFlags} -r -t --root --no-commit-id`, diffValues)],
  [
    "shortlog",
    form("-s -n -e -c --summary --numbered --email --all --no-merges", "--since --until --group --format"),
  ],
  [
    "branch",
    form(
      "-l --list -a --all -r --remotes -v -vv --verbose --show-current --no-color --color= --no-column --ignore-case -i",
      "--contains --no-contains --merged --no-merged --points-at --sort --format",
      listing("--list"),
    ),
  ],
  [
    "tag",
    form(
      "-l --list -n= --ignore-case -i --column= --no-column",
      "--contains --merged --points-at --sort --format",
      listing("-l", "--list"),
    ),
  ],
  [
    "remote",
    form(
      "-v --verbose --all --push",
      "",
      ({ operands }) => operands.length === 0 || operands[0]?.literal === "get-url",
    ),
  ],
  [
    "stash",
    form(
      "-n=",
      "--max-count --format",
      ({ operands }) => operands.length === 1 && operands[0]?.literal === "list",
    ),
  ],
  [
    "worktree",
    form("--porcelain -v -z", "", ({ operands }) => operands.length === 1 && operands[0]?.literal === "list"),
  ],
  [
    "rev-parse",
    form(
      "--show-toplevel --show-prefix --show-cdup --show-superproject-working-tree --git-dir --absolute-git-dir --git-common-dir --is-inside-work-tree --is-inside-git-dir --is-bare-repository --is-shallow-repository --verify -q --quiet --abbrev-ref= --short= --symbolic --symbolic-full-name --all --branches= --tags= --remotes= --local-env-vars",
    ),
  ],
  ["rev-list", form(`${logFlags} --objects`, logValues, any, true)],
  ["merge-base", form("-a --all --is-ancestor --fork-point --independent --octopus")],
  [
    "ls-files",
    form(
      "-c --cached -d --deleted -m --modified -o --others -i --ignored -s --stage -u --unmerged -k -t -v -f -z --eol --directory --exclude-standard --error-unmatch --full-name --deduplicate --abbrev=",
      "-x --exclude",
    ),
  ],
  [
    "ls-tree",
    form(
      "-r -d -t -l --long -z --name-only --name-status --object-only --full-name --full-tree --abbrev=",
      "--format",
    ),
  ],
  [
    "blame",
    form(
      "-b -l -t -s -e -f -n -p -w -c -k -M= -C= --porcelain --line-porcelain --incremental --root --show-stats --show-email --show-name --show-number --abbrev= --reverse --first-parent --no-progress",
      "-L --date --ignore-rev",
    ),
  ],
  [
    "grep",
    form(
      "-n --line-number -i --ignore-case -w -l --files-with-matches -L -c --count -h -H -v -E -F -G -P -o -p -W -q -a -I -z --cached --untracked --no-color --color= --heading --break --full-name --and --or --not --column --all-match",
      "-e -A -B -C -m --max-depth --max-count --threads --context",
    ),
  ],
  [
    "describe",
    form(
      "--all --tags --long --always --contains --first-parent --exact-match --dirty= --broken= --abbrev= --debug",
      "--candidates --match --exclude",
    ),
  ],
  ["name-rev", form("--tags --name-only --always --no-undefined", "--refs --exclude")],
  [
    "for-each-ref",
    form(
      "-s -p --shell --ignore-case",
      "--count --format --sort --points-at --merged --no-merged --contains --no-contains --exclude",
    ),
  ],
  [
    "show-ref",
    form(
      "--head --heads --branches --tags -d --dereference -s --hash= --verify --exists --abbrev= -q --quiet",
    ),
  ],
  ["cat-file", form("-t -s -e -p --allow-unknown-type")],
  ["count-objects", form("-v -H --verbose --human-readable", "", noOperands)],
  ["check-ignore", form("-v -q -n --verbose --quiet --non-matching --no-index")],
  [
    "reflog",
    form(
      "--all --oneline --date=",
      "-n --max-count",
      ({ operands }) => operands.length === 0 || operands[0]?.literal === "show",
      true,
    ),
  ],
  [
    "config",
    form(
      "--get --get-all --global --local --system --worktree --show-origin --show-scope -z",
      "--type --default",
      settingShown,
    ),
  ],
  ["version", form("--build-options", "", noOperands)],
  ["--version", form("", "", noOperands)],
]);
