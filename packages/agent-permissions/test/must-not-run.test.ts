import { afterAll, describe, expect, test } from "vitest";
import { shell } from "./support/judge.ts";
import { makeWorkspace } from "./support/workspace.ts";

const workspace = makeWorkspace();
afterAll(workspace.remove);

/** Command lines that must not run without a question, although they look like reading. */
const mustAsk: Readonly<Record<string, readonly string[]>> = {
  "class 1: chaining": [
    "ls; touch x",
    "ls && touch x",
    "false || touch x",
    "ls | tee x",
    "ls |& tee x",
    "ls & touch x",
    "ls\ntouch x",
    "cd sub; touch x",
    "! touch x",
    "time touch x",
    "coproc touch x",
  ],
  "class 3: substitution": [
    "echo $(touch x)",
    'echo "$(touch x)"',
    "echo `touch x`",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a parameter expansion of bash
    'echo "${x:-$(touch x)}"',
    "echo $((`touch x`))",
    "$(echo touch x)",
    "cat <<EOF\n$(touch x)\nEOF",
    "cat <(touch x)",
    "cat <<EOF\n$TOKEN\nEOF",
    'cat <<< "$TOKEN"',
    "ls > >(touch x)",
    "cat <<< $(touch x)",
    "for i in $(touch x); do ls; done",
    "case $(touch x) in *) ls;; esac",
    "[[ -n $(touch x) ]]",
    "x=$(touch x) ls",
  ],
  "class 4: bash evaluates strings": [
    "test -v 'a[$(touch x)]'",
    "[ -v 'a[$(touch x)]' ]",
    "[[ -v $x ]]",
    "[[ $x -eq 1 ]]",
    "let 'a[$(touch x)]=1'",
    "declare 'a[$(touch x)]=1'",
    "printf -v 'a[$(touch x)]' y",
    "unset 'a[$(touch x)]'",
    "printf 'abc%n' PATH; cat a.ts",
    "printf -- '%-5.2ln' PATH; cat a.ts",
    "printf '%%%n' PATH",
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: parameter expansions of bash
    "echo ${x@P}",
    "echo ${!x}",
    "echo ${a[$x]}",
    "echo ${x:$y}",
    "echo ${x:=y}",
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: parameter expansions of bash
    "echo $((x))",
    "((x))",
    "eval ls",
    "source a.ts",
    ". a.ts",
    "trap 'touch x' EXIT",
  ],
  "class 5: redirection": [
    "echo x > y",
    "echo x >> y",
    "echo x >| y",
    "echo x &> y",
    "echo x &>> y",
    "echo x >& y",
    "cat <> y",
    "echo x 2> y",
    "echo x {fd}> y",
    "{ ls; } > y",
    "(ls) > y",
    "if true; then ls; fi > y",
    "> y",
    "echo x > /dev/tcp/127.0.0.1/80",
    "cat < /dev/tcp/127.0.0.1/80",
    'echo x > "$Y"',
    "echo x > y*",
    "cat < /etc/passwd",
    "echo x > /dev/sda",
  ],
  "class 6: cd, then relative": [
    "cd .. && cat ws-sibling/secret.txt",
    "cd / && ls",
    "cd link-out && cat secret.txt",
    "cd sub && cat ../../ws-sibling/secret.txt",
    "cd",
    "cd -",
    "cd ~",
    'cd "$X" && ls',
    "cd sub; cat ../../home/x",
    "! cd sub && cat ../x",
    "pushd .. && ls",
    "for i in 1 2; do cat ../ws/a.ts; cd ..; done",
    "CDPATH=/ cd etc && ls",
    "cd link-in/../../ws-sibling && ls",
  ],
  "class 7: environment": [
    // In these, the second byte of a letter may be a backslash, a backtick or a `|`.
    "LC_ALL=zh_TW\ncat a.ts",
    "LANG=ja_JP.SJIS ls",
    "LC_CTYPE=zh_CN.GBK ls",
    "PATH=/tmp/evil ls",
    "LD_PRELOAD=./x.so ls",
    "PATH=/tmp/evil; ls",
    "export PATH=/tmp/evil; ls",
    "GIT_EXTERNAL_DIFF=./x git diff",
    "IFS=/ ls",
    "LANG=$(touch x) ls",
    "TZ=:/etc/passwd date",
    "a[0]=1 ls",
    "RIPGREP_CONFIG_PATH=x rg y",
  ],
  "class 8: wrappers": [
    "env ls",
    "sudo ls",
    "bash -c ls",
    "sh a.sh",
    "xargs cat",
    "find . -exec cat {} +",
    "watch ls",
    "flock x ls",
    "busybox ls",
    "command touch x",
    "timeout 5 touch x",
    "nohup ls",
    "exec ls",
    "setsid ls",
  ],
  "class 9: flags of readers": [
    "find . -delete",
    "find . -fprint x",
    "find . -fls x",
    "find . -ok cat {} ;",
    "find -L . -name x",
    "rg --pre ./x y",
    "rg --pre=./x y",
    "rg -z y",
    "rg --hostname-bin ./x y",
    "sed -i s/a/b/ a.ts",
    "sed -n 'w x' a.ts",
    "sed -n '1e touch x' a.ts",
    "sed '1,5p;w x' a.ts",
    "sed s/a/b/e a.ts",
    "sed 'w x' -e p",
    "sed 'w x' --expression=p a.ts",
    "uniq a.ts -c",
    "xxd a.ts -p",
    "xxd a.ts -l 5",
    "sort -o x a.ts",
    "sort -uo x a.ts",
    "sort --output=x a.ts",
    "sort --outp=x a.ts",
    "sort --compress-program=./x a.ts",
    "sort -T /tmp a.ts",
    "awk 'BEGIN{system(\"touch x\")}'",
    "tar cf x a.ts",
    "man -P ./x ls",
    "git -c core.pager=./x log",
    "git --exec-path=. log",
    "git diff --output=x",
    "git diff --outp=x",
    "git log --output x",
    "git grep -O./x y",
    "git grep --open-files-in-pager=./x y",
    "git diff --ext-diff",
    "git diff --no-index a.ts /etc/passwd",
    "git branch new",
    "git branch -D main",
    "git tag v1",
    "git remote add x y",
    "git stash",
    "git config user.name x",
    "git config --list",
    "git -C .. status",
    "git fetch --upload-pack=./x",
    "git ls-remote ext::./x",
    "git reflog expire --all",
    "git",
    "date -s 2020-01-01",
    "date 010100002020",
    "uniq a.ts b.ts",
    "tree -o x",
    "file -m x a.ts",
    "file -C -m x",
    "du --files0-from=x",
    "wc --files0-from=x",
    "diff -r . sub",
    "hostname evil",
    "ls --unknown-flag",
    "head -n -x",
    "grep --include -f /etc/passwd x",
  ],
  "class 10: quoting": [
    "t''ouch x",
    "t\\ouch x",
    "$'\\x74ouch' x",
    "tou\\\nch x",
    "find . \\-delete",
    "find . -del''ete",
    "sort '-o' x a.ts",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a parameter expansion of bash
    "touch${IFS}x",
    "$X",
  ],
  "class 11: globs and braces that become a flag or a command": [
    "{touch,x}",
    "find . -del{ete,}",
    "sort *",
    "find *",
    "git log *",
    "sort -? x",
    "/bin/t*h x",
    "cat {/etc/passwd,a.ts}",
    "cat .*",
    "ls .*",
    "cat .?/a.ts",
    "cat *.md",
    "cat */secret.txt",
    "ls ../*",
    "diff src *",
  ],
  "class 12: texts that parsers read differently": [
    "ls\rtouch x",
    "ls\u000btouch x",
    "ls\u00a0x",
    "ls\u3000x",
    "ls \u200bx",
    "ls \u202ex",
    "ls \ud800",
    "ls 'unterminated",
    "ls &&",
    "ls (",
    "ls )",
    "if ls",
    "ls (touch x",
    "ls\nls (",
    // A number or a name in braces before a substitution is the beginning of a word.
    "ls 2>(touch x)",
    "ls 2<(touch x)",
    "ls {fd}>(touch x)",
    "for i in 2>(touch x); do ls; done",
    "[[ -n 2>(touch x) ]]",
    // What begins where a substitution ends, or the other way round, is one word: a program called `ls/dev/fd/63`.
    "ls<(true)",
    "cat plain<(true)",
    "cat <(true)a.ts",
    "for i in a<(true); do ls; done",
    "cat $'\\\n'a.ts",
  ],
  "class 13: spoofed names": [
    "./ls",
    "/tmp/ls",
    "sub/ls",
    "ls() { touch x; }; ls",
    "function ls { touch x; }; ls",
    "alias ls='touch x'; ls",
    "hash -p ./evil ls; ls",
    "enable -f ./x.so ls; ls",
    "shopt -s expand_aliases; ls",
  ],
  "class 15: prefix, traversal, /proc": [
    "cat ../ws-sibling/secret.txt",
    "cat sub/../../ws-sibling/secret.txt",
    "cat /proc/self/root/etc/passwd",
    "cat /proc/self/environ",
    "cat /proc/self/cwd/a.ts",
    "cat /dev/sda",
    "cat ~/x",
    "cat ~root/x",
    "ls ~+/..",
    "grep -f ../x y",
    "grep --file=../x y",
    "head -c 5 ../x",
  ],
  "class 16: links": [
    "cat linked.md",
    "cat link-out/secret.txt",
    "cat link-in/../../ws-sibling/secret.txt",
    "ls link-out",
    "cat l*",
    "head *.md",
    "grep -r x link-out",
    "grep -R x .",
    "cat dangling",
  ],
  "class 9: words that stand for those in a file": ["strings @/etc/passwd"],
  "class 22: network": ["curl https://example.org", "ping -c1 x.example.org", "dig x.example.org", "nc -l 1"],
  credentials: ["cat .env", "grep KEY .env", "cat .e''nv", "head ./.env", "git show HEAD:.env"],
};

describe.each(Object.entries(mustAsk))("%s", (_, commands) => {
  test.each(commands)("asks before %j", async (command) => {
    const decision = await shell(workspace, command);
    expect(decision).toMatchObject({ type: "ask" });
    expect(decision.reason).toMatch(/\S/);
  });
});

test.each([
  "command export PATH=sub; date",
  "builtin export PATH=sub; date",
  "printf -v PATH sub; ls",
  "printf abc%n PATH; ls",
])("class 13: nothing is known about names after a rule let %j change what they mean", async (command) => {
  const rules = ["allow Bash(export *)", "allow Bash(printf *)"];
  expect(await shell(workspace, command, { rules })).toMatchObject({ type: "ask" });
});

// The `-` behind `>&` is all of it: `bash` is the program.
test.each([">&-bash cat a.ts", "2>& -bash ls", "ls 2>(touch a.ts)", "ls<(true)"])(
  "class 12: no mode that edits files runs %j",
  async (command) => {
    expect(await shell(workspace, command, { mode: "acceptEdits" })).toMatchObject({ type: "ask" });
  },
);

test.each([
  "<&-git push",
  ">& -git push origin",
  "ls 3<&-git push",
  "ls 2>(git push)",
  "ls {fd}<(git push origin main)",
  "script --command='git push'",
  "su -c'git push' me",
  "npm exec -- git push origin",
  "npm x -c 'git push'",
  "pnpm dlx git push",
  "uvx git push",
  "nix-shell --run 'git push'",
  "tcsh -c 'git push'",
  "op run -- git push",
  "git --attr-source x push",
  "eval -- git push",
  "eval 'eval -- git push origin'",
  "eval 'git push\\'",
  "trap 'git push\\' EXIT",
  ". -- /dev/stdin <<< 'git push'",
  "eval '[[ -v '\\''a[$(git push)]'\\'' ]]'",
])("class 12: a deny rule holds in every mode for %j", async (command) => {
  const setting = { mode: "bypassPermissions", rules: ["deny Bash(git push *)"] } as const;
  expect(await shell(workspace, command, setting)).toMatchObject({ type: "deny" });
});

describe("class 2: no cap on what is looked at", () => {
  test("a denied command is found behind any number of others", async () => {
    const command = `${"true; ".repeat(5000)}rm x`;
    const decision = await shell(workspace, command, {
      mode: "bypassPermissions",
      rules: ["deny Bash(rm *)"],
    });
    expect(decision).toMatchObject({ type: "deny", rule: "Bash(rm *)" });
  });

  test("a command line over 10,000 characters is asked about even if every part is harmless", async () => {
    const decision = await shell(workspace, `echo ${"x".repeat(10_001)}`, { rules: ["allow Bash"] });
    expect(decision).toMatchObject({ type: "ask" });
  });

  test.each(["env", "nice", "strace", "watch", "eval", "xargs", "sudo -u me"])(
    "a denied command is found behind any number of %s",
    async (wrapper) => {
      for (const times of [20, 100, 1200]) {
        const command = `${`${wrapper} `.repeat(times)}rm x`;
        const decision = await shell(workspace, command, {
          mode: "bypassPermissions",
          rules: ["allow Bash", "deny Bash(rm *)"],
        });
        expect(decision).toMatchObject({ type: "deny", rule: "Bash(rm *)" });
      }
    },
  );

  test("a line of commands that run others in every word is decided, and found denied", async () => {
    const command = `${"watch strace find . -exec ".repeat(100)}rm x`;
    const decision = await shell(workspace, command, {
      mode: "bypassPermissions",
      rules: ["deny Bash(rm *)"],
    });
    expect(decision.type).toBe("deny");
  });

  test.each(["watch $a ", "eval $a $b ", "$a $b; ", 'sh -c "$a $b"; ', "echo $a | "])(
    "a line with what is only likely in every word is decided, and asked about at least: %s",
    async (piece) => {
      const values = Array.from({ length: 8 }, (_, i) => `a=v${i}; b=w${i};`).join(" ");
      const command = `${values} ${piece.repeat(Math.floor(9000 / piece.length))} $a x`;
      const rules = ["deny Bash(rm *)"];
      expect(await shell(workspace, command, { mode: "bypassPermissions", rules })).toMatchObject({
        type: "ask",
        rule: "Bash(rm *)",
      });
      const begun = `a=rm; $a x; ${command}`;
      expect(await shell(workspace, begun, { mode: "bypassPermissions", rules })).toMatchObject({
        type: "deny",
      });
    },
  );

  test("a text too long to parse is still stopped where a rule may be about it", async () => {
    const command = `echo ${"x".repeat(300_000)}; rm x`;
    const decision = await shell(workspace, command, {
      mode: "bypassPermissions",
      rules: ["deny Bash(rm *)"],
    });
    expect(decision.type).toBe("deny");
  });
});

/** Every one of these runs `rm`, and a rule says that nothing may; the mode that asks nothing must not either. */
const denied: readonly string[] = [
  "rm x",
  "rm",
  "r''m x",
  "r\\m x",
  '"rm" x',
  "$'\\x72\\x6d' x",
  "r\\\nm x",
  "/bin/rm x",
  "/usr/bin/../bin/rm x",
  "\\rm x",
  "RM x",
  "rm\tx",
  "  rm   x",
  "ls; rm x",
  "ls && rm x",
  "ls || rm x",
  "ls | rm x",
  "ls & rm x",
  "(rm x)",
  "{ rm x; }",
  "! rm x",
  "time rm x",
  "coproc rm x",
  "if rm x; then ls; fi",
  "while false; do rm x; done",
  "for i in 1; do rm $i; done",
  "case x in x) rm x;; esac",
  "f() { rm x; }; f",
  "echo $(rm x)",
  "echo `rm x`",
  'echo "$(rm x)"',
  "cat <(rm x)",
  "cat <<E\n$(rm x)\nE",
  "X=$(rm x) ls",
  "X=1 rm x",
  "LD_PRELOAD=y rm x",
  "> y rm x",
  "sudo rm x",
  "sudo -u root -n rm x",
  "sudo -n -- rm x",
  "doas rm x",
  "env rm x",
  "env -i A=1 rm x",
  "env --unset=A rm x",
  "timeout 5 rm x",
  "timeout -k 1 5 rm x",
  "timeout --signal=KILL 5 rm x",
  "nohup rm x",
  "nice -n 5 rm x",
  "nice -5 rm x",
  "ionice -c 3 rm x",
  "setsid -w rm x",
  "stdbuf -oL rm x",
  "command rm x",
  "command -p rm x",
  "builtin command rm x",
  "exec rm x",
  "exec -a y rm x",
  "xargs rm",
  "xargs -n 1 -I {} rm {}",
  "xargs -0r rm",
  "find . -exec rm {} ;",
  "find . -name x -execdir rm {} +",
  "find . -ok rm {} \\;",
  "bash -c 'rm x'",
  "bash -lc 'rm x'",
  "bash --norc -c 'rm x'",
  "bash -o errexit -c 'rm x'",
  "sh -ec 'ls; rm x'",
  "sh -c \"sh -c 'rm x'\"",
  "sudo sh -c 'rm x'",
  "eval rm x",
  "eval 'rm x'",
  "eval 'ls;' rm x",
  "trap 'rm x' EXIT",
  "watch rm x",
  "npx -c 'rm x'",
  "sg users -c 'rm x'",
  "tini -- rm x",
  "git -c core.pager='rm x' log",
  "git -c diff.external='rm x' diff",
  "watch -n 1 'rm x'",
  "flock lock rm x",
  "flock lock -c 'rm x'",
  "busybox rm x",
  "chroot / rm x",
  "strace -f rm x",
  "su root -c 'rm x'",
  "git -c alias.x='!rm y' x",
  "parallel rm ::: x",
  "rm x &&",
  "rm x 'unterminated",
];

describe("class 8: a deny rule is held against every layer, cooked", () => {
  test.each(denied)("denies %j in every mode", async (command) => {
    const decision = await shell(workspace, command, {
      mode: "bypassPermissions",
      rules: ["deny Bash(rm *)"],
    });
    expect(decision).toMatchObject({ type: "deny", rule: "Bash(rm *)" });
    expect(decision.reason).toContain("user settings");
  });

  test.each([
    "[[ 'a[$(rm x)]' -eq 1 ]]",
    "(( 'a[$(rm x)]' ))",
    "let 'a[$(rm x)]=1'",
    "declare 'a[$(rm x)]=1'",
    "printf -v 'a[$(rm x)]' y",
    "test -v 'a[$(rm x)]'",
    "[ -v 'a[$(rm x)]' ]",
    "read 'a[$(rm x)]' <<< y",
    "unset 'a[$(rm x)]'",
    "mapfile -C 'rm x' a < b",
    "compgen -C 'rm x'",
    "PS4='$(rm x)'; set -x; ls",
    "PROMPT_COMMAND='rm x'",
  ])("class 4: a deny rule reaches what bash evaluates once more in %j", async (command) => {
    const decision = await shell(workspace, command, {
      mode: "bypassPermissions",
      rules: ["deny Bash(rm *)"],
    });
    expect(decision).toMatchObject({ type: "deny", rule: "Bash(rm *)" });
  });

  test.each([
    "$X y",
    '"$X" y',
    "r$X y",
    "{rm,x}",
    "/bin/r? x",
    "$(echo rm) x",
    'eval "$X"',
    'bash -c "$X"',
    "echo cm0geA== | base64 -d | sh",
    "bash < x",
    "rm() (",
  ])("a deny rule that may be meant by %j asks where nothing else would", async (command) => {
    const decision = await shell(workspace, command, {
      mode: "bypassPermissions",
      rules: ["deny Bash(rm *)"],
    });
    expect(decision.type).not.toBe("allow");
  });

  test.each([
    "grep rm a.ts",
    "echo rm x",
    "git commit -m 'rm x'",
    "rmdir x",
    "npm run rm",
    'git log "$X"',
    "ls $X",
  ])("a deny rule on rm does not touch %j", async (command) => {
    const decision = await shell(workspace, command, {
      mode: "bypassPermissions",
      rules: ["deny Bash(rm *)"],
    });
    expect(decision.type).toBe("allow");
  });

  test.each([
    "git push",
    "git -C sub push x",
    "git -c a.b=c push",
    "git --no-pager push",
    "git --git-dir=x push y",
  ])("global flags of git do not hide the command in %j", async (command) => {
    const decision = await shell(workspace, command, {
      mode: "bypassPermissions",
      rules: ["ask Bash(git push:*)"],
    });
    expect(decision).toMatchObject({ type: "ask", rule: "Bash(git push:*)" });
  });
});

describe("class 26: an allow rule does not span commands", () => {
  const rules = ["allow Bash(npm *)", "allow Bash(git log *)"];
  test.each(
    [
      "npm test && rm x",
      "npm test; rm x",
      "npm test | rm x",
      "npm test & rm x",
      "npm test\nrm x",
      "npm test $(rm x)",
      "npm test `rm x`",
      'npm test "$(rm x)"',
      "npm test > ../x",
      "npm test > .git/hooks/pre-commit",
      "npm test < ../x",
      "PATH=. npm test",
      "sudo npm test",
      "env npm test",
      "bash -c 'npm test'",
      "watch npm test",
      "./npm test",
      "$X npm test",
      "npm",
      "git -c core.pager=./x log -1",
      'git "log x" -1',
      "npm test &&",
    ].filter((command) => command !== "npm"),
  )("%j asks", async (command) => {
    expect(await shell(workspace, command, { rules })).toMatchObject({ type: "ask" });
  });

  test("wrappers that can run anything are not allowed by a prefix", async () => {
    const everything = [
      "allow Bash(watch *)",
      "allow Bash(find *)",
      "allow Bash(timeout *)",
      "allow Bash(nice *)",
    ];
    for (const command of [
      "watch rm x",
      "find . -exec rm {} +",
      "find . -delete",
      "timeout 5 rm x",
      "nice rm x",
    ]) {
      expect(await shell(workspace, command, { rules: everything })).toMatchObject({ type: "ask" });
    }
    expect(await shell(workspace, "watch ls", { rules: ["allow Bash(watch ls)"] })).toMatchObject({
      type: "allow",
    });
  });
});

describe("removal of what nobody means to remove", () => {
  const critical = [
    "rm -rf /",
    "rm -rf /*",
    "rm -fr ~",
    "rm -r ~/",
    "rm -rf ~/*",
    "rm -rf .",
    "rm -rf ./*",
    "rm -rf *",
    "rm -rf ..",
    "rm -rf sub/..",
    "rm --recursive --force /usr",
    "rm -rf -- /",
    "cd / && rm -rf *",
    "sudo rm -rf /",
    "bash -c 'rm -rf /'",
    'rm -rf "$HOME"',
    'rm -rf "$DIR/"',
    "find / -delete",
    "find . -delete",
    "find ~ -exec rm -rf {} +",
    "xargs rm -rf",
  ];
  test.each(critical)("%j is asked about in bypassPermissions and under an allow rule", async (command) => {
    expect(await shell(workspace, command, { mode: "bypassPermissions" })).toMatchObject({ type: "ask" });
    expect(await shell(workspace, command, { rules: ["allow Bash"] })).toMatchObject({ type: "ask" });
  });

  test.each([
    "rm -rf node_modules",
    "rm x",
    "rm -rf src/*",
    "find . -name '*.o' -delete",
    "rm -rf dist/ build",
  ])("%j runs in bypassPermissions", async (command) => {
    expect(await shell(workspace, command, { mode: "bypassPermissions" })).toMatchObject({ type: "allow" });
  });
});
