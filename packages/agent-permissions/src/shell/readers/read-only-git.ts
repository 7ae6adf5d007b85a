import type { ReadOnlyCommand } from "./read-only-command.ts";

const diff = {
  flags:
    "-p -u --patch -s --no-patch --raw --stat= --numstat --shortstat --dirstat= --summary --name-only --name-status --color= --no-color --color-words= --color-moved= --no-color-moved --word-diff= --check --full-index --binary --abbrev= --no-abbrev -R -a --text -w -b --ignore-all-space --ignore-space-change --ignore-space-at-eol --ignore-cr-at-eol --ignore-blank-lines -W --function-context --exit-code --quiet --no-ext-diff --no-textconv --no-renames -M= -C= -B= -D --find-renames= --find-copies= --find-copies-harder --patience --histogram --minimal --compact-summary --no-prefix --relative= -z --pickaxe-regex --pickaxe-all --cc --no-indent-heuristic --ita-invisible-in-index -t -1 -2 -3",
  values:
    "-U -l --unified -S -G -I --diff-filter --diff-algorithm --inter-hunk-context --stat-width --word-diff-regex --ignore-matching-lines --ws-error-highlight",
};

const log = {
  flags: `${diff.flags} --oneline --graph --all --branches= --tags= --remotes= --decorate= --no-decorate --pretty= --format= --abbrev-commit --no-abbrev-commit --first-parent --merges --no-merges --reverse --follow --date-order --topo-order --author-date-order --relative-date --parents --children --left-right --left-only --right-only --cherry --cherry-pick --cherry-mark --source --full-history --simplify-merges --simplify-by-decoration --ancestry-path= --show-pulls --no-walk --walk-reflogs -g -i --regexp-ignore-case -E --extended-regexp -F --fixed-strings --invert-grep --all-match --count --boundary --not --no-notes -m -c --diff-merges= --log-size`,
  values: `${diff.values} -n --max-count --skip --since --after --until --before --author --committer --grep --grep-reflog --date --encoding --min-parents --max-parents --exclude -L`,
};

const readers: readonly ReadOnlyCommand[] = [
  // The work in progress
  {
    command: "status",
    operands: "revisions",
    flags:
      "-s --short -b --branch -v --verbose --porcelain= --long -u= --untracked-files= --ignored= -z --show-stash --ahead-behind --no-ahead-behind --column= --no-column --no-renames",
  },
  {
    command: "diff",
    operands: "revisions",
    ...diff,
    flags: `${diff.flags} --cached --staged --merge-base --no-index`,
  },
  {
    command: "diff-tree",
    operands: "revisions",
    ...diff,
    flags: `${diff.flags} -r --root --no-commit-id`,
  },
  { command: "diff-index", operands: "revisions", ...diff, flags: `${diff.flags} --cached` },
  { command: "diff-files", operands: "revisions", ...diff },
  { command: "stash list", operands: "revisions", number: true, ...log },
  { command: "stash show", operands: "revisions", ...diff, flags: `${diff.flags} --include-untracked` },
  {
    command: "ls-files",
    operands: "revisions",
    flags:
      "-c --cached -d --deleted -m --modified -o --others -i --ignored -s --stage -u --unmerged -k -t -v -f -z --eol --directory --exclude-standard --error-unmatch --full-name --deduplicate --abbrev=",
    values: "-x --exclude",
  },
  {
    command: "check-ignore",
    operands: "revisions",
    flags: "-v -q -n --verbose --quiet --non-matching --no-index",
  },
  { command: "check-attr", operands: "revisions", flags: "-a --all --cached" },
  {
    command: "grep",
    operands: "revisions",
    flags:
      "-n --line-number -i --ignore-case -w -l --files-with-matches -L -c --count -h -H -v -E -F -G -P -o -p -W -q -a -I -z --cached --untracked --no-color --color= --heading --break --full-name --and --or --not --column --all-match --name-only",
    values: "-e -A -B -C -m --max-depth --max-count --threads --context",
    patternFlags: "-e",
    number: true,
  },

  // History
  { command: "log", operands: "revisions", number: true, ...log },
  { command: "show", operands: "revisions", number: true, ...log },
  { command: "whatchanged", operands: "revisions", number: true, ...log },
  { command: "rev-list", operands: "revisions", number: true, ...log, flags: `${log.flags} --objects` },
  {
    command: "shortlog",
    operands: "revisions",
    flags: "-s -n -e -c --summary --numbered --email --all --no-merges",
    values: "--since --until --group --format",
  },
  { command: "reflog", number: true, ...log },
  { command: "reflog show", operands: "revisions", number: true, ...log },
  {
    command: "blame",
    operands: "revisions",
    flags:
      "-b -l -t -s -e -f -n -p -w -c -k -M= -C= --porcelain --line-porcelain --incremental --root --show-stats --show-email --show-name --show-number --abbrev= --reverse --first-parent --no-progress",
    values: "-L --date --ignore-rev --since",
  },
  {
    command: "describe",
    operands: "revisions",
    flags:
      "--all --tags --long --always --contains --first-parent --exact-match --dirty= --broken= --abbrev= --debug",
    values: "--candidates --match --exclude",
  },
  { command: "cherry", operands: "revisions", flags: "-v --abbrev=" },
  { command: "range-diff", operands: "revisions", flags: "--no-color --color= -s --stat=" },
  {
    command: "merge-base",
    operands: "revisions",
    flags: "-a --all --is-ancestor --fork-point --independent --octopus",
  },

  // Names
  {
    command: "branch",
    operands: "revisions",
    // In older versions `-l` made a branch with a log.
    listing: "--list",
    flags:
      "-l --list -a --all -r --remotes -v -vv --verbose --show-current --no-color --color= --no-column --column= --ignore-case -i --abbrev= --no-abbrev",
    values: "--contains --no-contains --merged --no-merged --points-at --sort --format",
  },
  {
    command: "tag",
    operands: "revisions",
    listing: "-l --list",
    flags: "-l --list -n= --ignore-case -i --column= --no-column --no-color --color=",
    values: "--contains --no-contains --merged --no-merged --points-at --sort --format",
  },
  { command: "remote", flags: "-v --verbose" },
  // With a name it would ask the other side.
  { command: "remote show" },
  { command: "submodule status", operands: "revisions", flags: "--cached --recursive" },
  { command: "remote get-url", operands: "revisions", flags: "--all --push" },
  { command: "worktree list", flags: "--porcelain -v -z" },
  {
    command: "rev-parse",
    operands: "revisions",
    flags:
      "--show-toplevel --show-prefix --show-cdup --show-superproject-working-tree --git-dir --absolute-git-dir --git-common-dir --is-inside-work-tree --is-inside-git-dir --is-bare-repository --is-shallow-repository --verify -q --quiet --abbrev-ref= --short= --symbolic --symbolic-full-name --all --branches= --tags= --remotes= --local-env-vars --show-object-format",
  },
  { command: "symbolic-ref", operands: "revisions", most: 1, flags: "--short -q --quiet" },
  {
    command: "name-rev",
    operands: "revisions",
    flags: "--tags --name-only --always --no-undefined",
    values: "--refs --exclude",
  },
  {
    command: "for-each-ref",
    operands: "revisions",
    flags: "-s -p --shell --ignore-case",
    values: "--count --format --sort --points-at --merged --no-merged --contains --no-contains --exclude",
  },
  {
    command: "show-ref",
    operands: "revisions",
    flags:
      "--head --heads --branches --tags -d --dereference -s --hash= --verify --exists --abbrev= -q --quiet",
  },
  {
    command: "show-branch",
    operands: "revisions",
    flags: "-a --all -r --remotes --current --list --no-color",
  },
  { command: "notes list", operands: "revisions" },
  { command: "notes show", operands: "revisions" },

  // Objects and settings
  {
    command: "ls-tree",
    operands: "revisions",
    flags: "-r -d -t -l --long -z --name-only --name-status --object-only --full-name --full-tree --abbrev=",
    values: "--format",
  },
  { command: "cat-file", operands: "revisions", flags: "-t -s -e -p --allow-unknown-type" },
  { command: "count-objects", flags: "-v -H --verbose --human-readable" },
  // One operand asks for a setting, two set it; only settings without secrets.
  {
    command: "config",
    operands: "text",
    least: 1,
    most: 1,
    operand:
      "^(?:(?:user|core|init|branch|pull|push|merge|rebase|color|commit|fetch|status|log)\\.|remote\\.[\\w.-]+\\.url$)",
    flags: "--get --get-all --global --local --system --worktree --show-origin --show-scope -z",
    values: "--type --default",
  },
  { command: "var", operands: "text", operand: "^GIT_(AUTHOR|COMMITTER)_IDENT$" },
  { command: "version", flags: "--build-options" },
  { command: "--version" },
];

/** The commands of git that change nothing, with flags that make them neither write nor run a program. */
export const readOnlyGit: readonly ReadOnlyCommand[] = readers.map((entry) => ({
  ...entry,
  command: `git ${entry.command}`,
  folder: true,
}));
