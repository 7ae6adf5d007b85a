import { afterAll, describe, expect, test } from "vitest";
import { shell } from "./support/judge.ts";
import { makeWorkspace } from "./support/workspace.ts";

const workspace = makeWorkspace();
afterAll(workspace.remove);

describe("rank 1: everyday reading is not asked about", () => {
  test.each([
    "ls",
    "ls -la",
    "ls -lah src",
    "ls src/ sub",
    "ls *.ts",
    "ls -d src/*/",
    "pwd",
    "cat a.ts",
    "cat a.ts b.ts",
    "cat -n a.ts",
    "cat *.ts",
    "cat src/*.ts",
    "cat plain/*",
    "cat link-in/x.ts",
    `cat ${workspace.root}/a.ts`,
    "cat sub/../a.ts",
    "cat ./a.ts",
    "cat 'a.ts'",
    "cat .env.example",
    "head -20 a.ts",
    "head -n 20 a.ts",
    "tail -n +5 a.ts",
    "tail -f a.ts",
    "wc -l a.ts b.ts",
    "wc -l *.ts",
    "echo hello",
    "echo 'a > b; rm x'",
    'echo "it\'s"',
    'echo "exit: $?"',
    'echo "today: $(date)"',
    "echo *.ts",
    "printf '%s\\n' x",
    "grep foo a.ts",
    "grep -rn 'foo.*bar' src",
    "grep -rn foo .",
    "grep -E 'a|b' --include='*.ts' -r src",
    "grep -A3 -B 2 foo a.ts",
    "grep -e foo -e bar a.ts",
    "rg foo",
    "rg -n --type ts foo src",
    "rg -l 'a b' -g '*.ts'",
    "rg --files",
    "find . -name '*.ts'",
    "find src -type f -not -path '*/node_modules/*' -print0",
    "find . \\( -name a -o -name b \\) -maxdepth 2",
    "stat a.ts",
    "file a.ts",
    "du -sh .",
    "df -h .",
    "tree -L 2",
    "diff a.ts b.ts",
    "diff -u a.ts b.ts",
    "cut -d: -f1 a.ts",
    "sort a.ts | uniq -c | sort -rn | head",
    "tr a-z A-Z",
    "cat a.ts | tr -d '\\r'",
    "which node",
    "command -v node",
    "type ls",
    "date",
    "date +%Y-%m-%d",
    "date -u -d '2020-01-01'",
    "true",
    "false || true",
    "test -f a.ts && echo yes",
    "[ -f a.ts ] && echo yes || echo no",
    "[[ -f a.ts ]] && echo yes",
    "basename src/x.ts .ts",
    "dirname src/x.ts",
    "realpath a.ts",
    "sha256sum a.ts",
    "sleep 1",
    "seq 1 5",
    "uname -a",
    "whoami",
    "sed -n '1,20p' a.ts",
    "sed -n 5p a.ts",
    "node --version",
    "python3 -V",
    "git status",
    "git status --short --branch",
    "git log --oneline -10",
    "git log -n 5 --stat -- src",
    "git log --format='%h %s' main..HEAD",
    "git diff",
    "git diff --stat HEAD~1",
    "git diff --cached a.ts",
    "git show HEAD",
    "git show HEAD:a.ts",
    "git branch",
    "git branch -a",
    "git branch --show-current",
    "git branch --list 'feature/*'",
    "git rev-parse --abbrev-ref HEAD",
    "git ls-files",
    "git blame -L 1,5 a.ts",
    "git remote -v",
    "git stash list",
    "git describe --tags",
    "git grep -n '/etc/x' src",
    "git --no-pager log -1",
    "git tag -l 'v1.*'",
    "git config --get user.name",
  ])("%j", async (command) => {
    expect(await shell(workspace, command)).toMatchObject({ type: "allow" });
  });

  test.each(
    [
      "ls && pwd; git status | head -5",
      "ls || true",
      "ls & wait",
      "ls 2>/dev/null",
      "ls 2>&1",
      "ls > /dev/null 2>&1",
      "ls &> /dev/null",
      "cat < a.ts",
      "cat <<'EOF'\n$(not run)\nEOF",
      "cat <<EOF\nplain\nEOF",
      "wc -l <<< hello",
      "cat <<EOF\nat $(git rev-parse HEAD)\nEOF",
      "cd src && ls",
      "cd src && ls && cd .. && ls",
      "cd src && cat x.ts && cat ../a.ts",
      "cd ./src/deep && ls ..",
      "(cd src && ls) && cat a.ts",
      `cd ${workspace.root} && ls`,
      `cd ${workspace.root} && git status`,
      "{ ls; pwd; }",
      "if [ -f a.ts ]; then cat a.ts; fi",
      "for i in 1 2 3; do ls; done",
      "while false; do ls; done",
      "case x in x) ls;; esac",
      "! ls",
      "time ls",
      "timeout 5 ls",
      "timeout -k 1 5 git status",
      "nice ls",
      "stdbuf -oL cat a.ts",
      "command ls",
      "LANG=C ls",
      "LC_ALL=C sort a.ts",
      "TZ=Europe/Berlin date",
      "NO_COLOR=1 git diff",
      "ls # a comment",
      "ls \\\n  -la",
      "",
      "# nothing",
    ].filter((command) => !command.includes("wait")),
  )("compound: %j", async (command) => {
    expect(await shell(workspace, command)).toMatchObject({ type: "allow" });
  });
});

describe("rank 1: a rule covers what people mean by it", () => {
  const rules = [
    "allow Bash(npm test)",
    "allow Bash(npm run *)",
    "allow Bash(git commit:*)",
    "allow Bash(make*)",
  ];
  test.each([
    "npm test",
    "npm test && npm run build",
    "npm test; npm run lint; npm run build -- --watch",
    "npm run",
    "npm run build | tail -20",
    "npm run build 2>&1 | grep -i error",
    "npm run build > /dev/null",
    "cd src && npm test",
    "CI=1 npm test",
    "timeout 60 npm test",
    "nice -n 10 npm run build",
    "time npm test",
    "nohup npm run dev &",
    "npm run build $FLAGS",
    'npm run build "$DIR"/*.ts',
    "npm run build {a,b}",
    'npm run build "$(git rev-parse HEAD)"',
    "git commit",
    "git commit -m 'a message; with && odd | text'",
    "git commit -m \"$(cat <<'EOF'\nA message\n\nwith `ticks` and $dollars\nEOF\n)\"",
    "for f in a b; do npm run build $f; done",
    "if npm test; then npm run build; fi",
    "[[ -n $X ]] && npm test",
    "(npm test)",
    "makefile-tool x",
    "make",
  ])("%j runs", async (command) => {
    expect(await shell(workspace, command, { rules })).toMatchObject({ type: "allow" });
  });

  test.each([
    "npm tests",
    "npm testing",
    "npm",
    "git commits",
    "npm run-script x",
    "NPM test",
    "npm 'run x'",
  ])("%j is not meant", async (command) => {
    expect(await shell(workspace, command, { rules })).toMatchObject({ type: "ask" });
  });

  test("an exact rule on a whole line covers all of it, and nothing else", async () => {
    const line = "f() { ls; }; f && ./build.sh > out.txt";
    expect(await shell(workspace, line, { rules: [`allow Bash(${line})`] })).toMatchObject({ type: "allow" });
    expect(await shell(workspace, `${line} x`, { rules: [`allow Bash(${line})`] })).toMatchObject({
      type: "ask",
    });
  });

  test("bare xargs is looked through, with a pattern that takes what it adds", async () => {
    const rules = ["allow Bash(eslint *)"];
    expect(await shell(workspace, "git ls-files | xargs eslint --fix", { rules })).toMatchObject({
      type: "allow",
    });
    expect(await shell(workspace, "git ls-files | xargs -n1 eslint", { rules })).toMatchObject({
      type: "ask",
    });
    const exact = ["allow Bash(eslint)"];
    expect(await shell(workspace, "git ls-files | xargs eslint", { rules: exact })).toMatchObject({
      type: "ask",
    });
  });
});
