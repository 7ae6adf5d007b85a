import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PathFacts } from "../src/index.ts";
import type { Setting } from "./support/judge.ts";
import { decide, shell } from "./support/judge.ts";
import { diskFacts, makeWorkspace, type Workspace } from "./support/workspace.ts";

const rules = ["deny Read(.env)", "deny Read(./secrets/**)"];

let workspace: Workspace;
beforeEach(() => {
  workspace = makeWorkspace();
});
afterEach(() => workspace.remove());

/** What nobody is asked about: whatever stops it is a rule. */
const unasked = async (command: string, setting: Setting = {}) =>
  (await shell(workspace, command, { rules, mode: "bypassPermissions", ...setting })).type;

const put = (name: string) => {
  const file = path.join(workspace.root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, name);
};

const removeDenied = () => {
  for (const name of [".env", "secrets"]) rmSync(path.join(workspace.root, name), { recursive: true });
};

const opening = [
  "grep -r TOKEN .",
  "grep -rn TOKEN",
  "grep -Rni TOKEN .",
  "grep --recurs TOKEN .",
  "grep -d recurse TOKEN .",
  "/bin/grep -r TOKEN .",
  "rgrep TOKEN",
  "find . -exec cat {} +",
  "find . -type f -exec base64 {} ';'",
  "find . -name '.e*' -exec cat {} +",
  "find . -name node_modules -prune -o -type f -exec cat {} +",
  "tar c .",
  "tar czf /tmp/x.tgz .",
  "tar -cf - --exclude=node_modules .",
  "tar cf x.tar -C . .",
  "cp -r . /tmp/x",
  "cp -a ./ /tmp/x",
  "cp -rt /tmp/x .",
  "rsync -a . /tmp/x",
  "scp -r . host:/x",
  "zip -r /tmp/x.zip .",
  "7z a x.7z .",
  "diff -r . src",
  "diff . src",
  "git diff --no-index . src",
  "git grep --no-index TOKEN",
  "git grep --untracked TOKEN",
  "sudo grep -r TOKEN .",
  "env X=1 nice grep -r TOKEN .",
  "bash -c 'grep -r TOKEN .'",
  "bash -c 'cd src; tar c ..'",
  "cd src && grep -r TOKEN ..",
  "x=$(grep -r TOKEN .); echo $x",
  "cat <(tar c .)",
  "a=grep; $a -r TOKEN .",
  "$(echo grep) -r TOKEN .",
  "x=$(echo tar); $x c .",
  "cp -r .e* /tmp/x",
  "pcregrep -r TOKEN .",
  "7z a x.7z",
  "pax -w .",
  "docker cp . box:/x",
  "aws s3 sync . s3://x",
  "aws s3 cp . s3://x --recursive",
];

describe("R3: what opens a file below a folder is judged like what names it", () => {
  test.each(opening)("%s is denied in every mode", async (command) => {
    expect(await unasked(command)).toBe("deny");
    expect(await unasked(command, { mode: "default" })).toBe("deny");
    expect(await unasked(command, { rules: [...rules, "allow Bash"], mode: "default" })).toBe("deny");
  });

  test.each(opening)("%s is nothing to a rule that no file falls under", async (command) => {
    removeDenied();
    expect(await unasked(command)).toBe("allow");
  });

  test.each(opening)("%s is asked about where an ask rule is about the file", async (command) => {
    expect(await unasked(command, { rules: rules.map((rule) => rule.replace("deny", "ask")) })).toBe("ask");
  });

  test("the reason names the file, the rule and the way out", async () => {
    const { reason } = await shell(workspace, "grep -r TOKEN .", { rules });
    expect(reason).toBe(
      `\`grep -r TOKEN .\` would open \`${workspace.root}/.env\`, which the deny rule \`Read(.env)\` (user settings) is about; what leaves that file out may run.`,
    );
  });

  test("a pattern of git is held against names in the repository alone", async () => {
    const gitTracks = async () => true;
    expect(await unasked("git grep TOKEN -- '*.txt'", { gitTracks })).toBe("deny");
    expect(await unasked("git grep TOKEN -- 'src/*.txt'", { gitTracks })).toBe("allow");
    expect(await unasked("cd src && git grep TOKEN -- '*.txt'", { gitTracks })).toBe("allow");
    expect(await unasked("cd src && git grep TOKEN -- ':(top)*.txt'", { gitTracks })).toBe("deny");
  });

  test("a program without a shell is judged, too", async () => {
    const effects = [{ type: "exec", argv: ["grep", "-r", "TOKEN", "."], cwd: workspace.root }] as const;
    expect(await decide(workspace, { effects }, { rules, mode: "bypassPermissions" })).toMatchObject({
      type: "deny",
    });
  });
});

describe("R3: what may open such a file is asked about in every mode", () => {
  const perhaps = [
    "rg -uu TOKEN",
    "rg -g '*' TOKEN",
    "rg TOKEN",
    "ag --hidden TOKEN",
    "ack TOKEN",
    "git grep TOKEN",
    "git grep TOKEN HEAD",
    "git -C . grep TOKEN",
    "git archive HEAD",
    "fd -H -x cat",
    'grep -r TOKEN "$dir"',
    "find . -type f | xargs cat",
    "find . -type f -print0 | xargs -0 cat",
    "cat $(find . -type f)",
    'for f in $(find . -type f); do cat "$f"; done',
    'find . -type f | while read -r f; do cat "$f"; done',
    'ls -a | while read -r f; do cat "$f"; done',
    "for f in $(git ls-files); do head $f; done",
    "git ls-files | xargs cat",
    "rg --files --hidden | xargs cat",
    "find . | cpio -o",
    "tar cf x.tar -T <(find .)",
    "rsync -a --include=.env --exclude=.env --exclude=secrets . /tmp/x",
    "tar c . --exclude=.env --exclude=secrets",
    "rg TOKEN --type txt",
    "rg TOKEN -g '.e*'",
    `rg TOKEN -g '*.ts' -g "$kind"`,
    "rg TOKEN -g '*.ts' --iglob '*.ENV'",
    "ag -f --hidden TOKEN",
    "ag -l --hidden TOKEN",
    "ack -l TOKEN",
    "sift -i TOKEN",
    "tar cf x.tar -T list",
    'tar cf x.tar -C "$dir" .',
    `grep -r --include='*.ts' --include="$kind" TOKEN .`,
    "git --config-env core.x=Y grep TOKEN",
    "git grep TOKEN -- src '.en*'",
    "git grep TOKEN -- src ':(icase).ENV'",
    "cd src && git grep TOKEN -- :/",
    "git grep TOKEN -- '*y.txt'",
    "git grep TOKEN src *.txt",
    "git ls-files '.e*' | xargs cat",
  ];

  test.each(perhaps)("%s", async (command) => {
    expect(await unasked(command)).toBe("ask");
    removeDenied();
    expect(await unasked(command)).toBe("allow");
  });

  test("where there is more than can be looked at, and where nothing can be", async () => {
    removeDenied();
    const endless: Setting["paths"] = {
      ...diskFacts,
      async *list(folder, signal) {
        if (!folder.endsWith("/many")) return yield* diskFacts.list?.(folder, signal) ?? [];
        for (let i = 0; i < 100_001; i += 1) yield { name: `${i}`, type: "file" };
      },
    };
    put("many/x");
    expect(await unasked("grep -r TOKEN .", { paths: endless })).toBe("ask");
    expect(await unasked("grep -r TOKEN src", { paths: endless })).toBe("allow");
    // To where alone an anchored rule leads, the way is short.
    expect(await unasked("grep -r TOKEN .", { paths: endless, rules: ["deny Read(./secrets/**)"] })).toBe(
      "allow",
    );
    expect(await unasked("grep -r TOKEN .", { paths: { realpath: diskFacts.realpath } })).toBe("ask");
    const lexical = { realpath: async (file: string) => file, linkless: true } as const;
    expect(await unasked("grep -r TOKEN .", { paths: lexical })).toBe("ask");
    expect(await unasked("mv a.ts b.ts", { paths: lexical })).toBe("allow");
  });

  test("git opens what is in its index", async () => {
    const gitTracks = async (file: string) => file.endsWith("/secrets/key.txt");
    expect(await unasked("git grep TOKEN", { gitTracks })).toBe("deny");
    expect(await unasked("git grep TOKEN src", { gitTracks })).toBe("allow");
    expect(await unasked("git grep TOKEN", { gitTracks, rules: ["deny Read(.env)"] })).toBe("allow");
    const unknown = () => Promise.reject(new Error("no index"));
    expect(await unasked("git grep TOKEN", { gitTracks: unknown })).toBe("ask");
  });
});

describe("R3: what opens no such file is not asked about", () => {
  test.each([
    "ls -R",
    "ls -la",
    "du -a",
    "find . -name '*.ts'",
    "find . -name .env",
    "grep -r TOKEN src",
    "grep TOKEN a.ts",
    "grep -rl TOKEN --include='*.ts' .",
    "grep -r TOKEN --include=*.ts .",
    "grep -r TOKEN --exclude=.env --exclude-dir=secrets .",
    "rg TOKEN src",
    "find . -name '*.ts' -exec grep TOKEN {} +",
    "find . -name '*.ts' | xargs grep TOKEN",
    "find . -type f -not -name .env -not -path './secrets/*' -exec cat {} +",
    "find . -type f -exec ls -l {} +",
    "find src -type f -delete",
    "tar c --exclude=.env --exclude=secrets .",
    "tar xf x.tar",
    "tar c src",
    "cp -r src /tmp/x",
    "cp -r /tmp/not-there .",
    "mv src lib",
    "rsync -a --exclude=.env --exclude=secrets . /tmp/x",
    "zip -r x.zip src",
    "npm test",
    'git commit -m "$(git diff --name-only)"',
    "ls | wc -l",
    "for f in src/*.ts; do cat $f; done",
    "eslint .",
    "rg --files --hidden",
    "rg --files --hidden | head",
    "rg TOKEN -g '*.ts'",
    "rg TOKEN -g '*.ts' -g '!x.ts'",
    "diff <(cat a.ts) <(cat b.ts)",
    "git grep TOKEN -- '*.ts'",
    "git grep TOKEN -- '*.ts' ':!b.ts'",
    "git grep TOKEN -- src ':!b.ts'",
    "git grep TOKEN -- 'src/*'",
    "git ls-files '*.ts' | xargs wc -l",
    "wc -l $(git ls-files '*.ts')",
    "tar cf x.tar -C src x.ts",
  ])("%s", async (command) => {
    expect(await unasked(command)).toBe("allow");
  });

  test("the names that find looks for say nothing of what lies below them, where it runs a search", async () => {
    const only = { rules: ["deny Read(x.ts)"] };
    expect(await unasked("find . -name src -exec grep -r x {} +", only)).toBe("deny");
    expect(await unasked("find . -name src -exec grep x {} +", only)).toBe("allow");
    expect(await unasked("find . -name src -unheard -exec cat {} +", only)).toBe("ask");
  });

  test("a rule with a wildcard of one letter is about what it fits", async () => {
    expect(await unasked("grep -r TOKEN .", { rules: ["deny Read(.en?)"] })).toBe("deny");
    expect(await unasked("grep -r TOKEN .", { rules: ["deny Read(.en[w])"] })).toBe("allow");
  });

  test("without a flag that goes deeper, only what lies right in a folder", async () => {
    put("plain/deep/.env");
    expect(await unasked("diff plain src")).toBe("allow");
    expect(await unasked("diff -r plain src")).toBe("deny");
    expect(await unasked("diff plain/deep src")).toBe("deny");
  });

  test("an order that lets the file through again leaves nothing out", async () => {
    const only = { rules: ["deny Read(.env)"] };
    expect(await unasked("grep -r TOKEN --exclude=.env --include=.env .", only)).toBe("deny");
    expect(await unasked("find . -not -name .env -o -exec cat {} +", only)).toBe("deny");
    expect(await unasked("grep -r TOKEN --exclude=secrets --exclude-dir=.env .", only)).toBe("deny");
  });
});

describe("class 16: links that a program follows lead it to the file", () => {
  test("a link to a folder around it is followed once", async () => {
    for (const name of ["up", "over", "out"])
      symlinkSync(path.join(workspace.root, "src"), path.join(workspace.root, "src/deep", name));
    expect(await unasked("grep -R x src")).toBe("allow");
    put("src/.env");
    expect(await unasked("grep -R x src/deep/up")).toBe("deny");
  });

  test("below the folder, and out of it", async () => {
    removeDenied();
    const link = path.join(workspace.root, "src/linked");
    symlinkSync(workspace.outside, link);
    writeFileSync(path.join(workspace.outside, "inner/.env"), "");
    for (const command of ["grep -R x src", "cp -rL src /tmp/x", "rg -L --hidden x src", "zip -r x src"]) {
      expect(await unasked(command), command).not.toBe("allow");
    }
    for (const command of ["grep -r x src", "tar c src", "rg --hidden x src"]) {
      expect(await unasked(command), command).toBe("allow");
    }
    expect(await unasked("grep -r x src/linked")).toBe("deny");
  });

  test("where case does not count, a folder under another spelling is that folder", async () => {
    const setting: Setting = { rules: ["deny Read(./Secrets/**)"] };
    expect(await unasked("grep -r x .", { ...setting, caseInsensitive: true })).toBe("deny");
    expect(await unasked("grep -r x .", setting)).toBe("allow");
  });

  test("a workspace that is a link is the workspace under both names", async () => {
    const anchored = ["deny Read(./secrets/**)"];
    const linked = `${workspace.root}-link`;
    expect(await unasked(`grep -r x ${linked}`, { rules: anchored })).toBe("deny");
    expect(await unasked("grep -r x .", { rules: anchored, cwd: linked, directories: () => [linked] })).toBe(
      "deny",
    );
  });
});

describe("R3: what changes files below a folder is held against rules on changing them", () => {
  const edits = ["deny Edit(./src/**)", "deny Edit(*.lock)"];

  test.each([
    "find . -name '*.ts' -delete",
    "find . -name 'x*' -exec sed -i s/a/b/ {} +",
    "rm -rf src",
    "rm -r ../ws/src/deep/..",
    "mv src lib",
    "chmod -R 777 src",
    "cd src && rm -r deep/../../src",
  ])("%s is denied", async (command) => {
    expect(await unasked(command, { rules: edits })).toBe("deny");
    expect(await unasked(command, { rules: ["deny Edit(./other/**)"] })).toBe("allow");
  });

  test("a folder around what a rule spells out is not removed, moved or opened up", async () => {
    for (const command of ["rm -rf src", "mv src lib", "chmod -R a+w src", "rm -rf s*"]) {
      expect(await unasked(command, { rules: ["deny Edit(./src/x.ts)"] }), command).toBe("deny");
      expect(await unasked(command, { rules: ["deny Edit(./src/y.ts)"] }), command).toBe("allow");
    }
  });

  test("what only may change it is asked about in every mode", async () => {
    for (const command of [
      "find . -name '*.ts' | xargs sed -i s/a/b/",
      "grep -rl x . | xargs sed -i s/a/b/",
      'for f in $(find . -type f); do rm "$f"; done',
    ]) {
      expect(await unasked(command, { rules: edits }), command).toBe("ask");
      expect(await unasked(command, { rules: ["deny Edit(./other/**)"] }), command).toBe("allow");
    }
  });

  test("git puts back what is in its index", async () => {
    const setting = { rules: edits, gitTracks: async () => true };
    expect(await unasked("git restore .", setting)).toBe("deny");
    expect(await unasked("git checkout -- .", setting)).toBe("deny");
    expect(await unasked("git checkout main", setting)).toBe("allow");
  });

  test("a rule on a name at any depth stops no removal of a folder", async () => {
    put("plain/deep/x.lock");
    expect(await unasked("rm -rf plain", { rules: edits })).toBe("allow");
    expect(await unasked("find plain -name '*.lock' -delete", { rules: edits })).toBe("deny");
    expect(await unasked("find plain -name '*.txt' -delete", { rules: edits })).toBe("allow");
    put("plain/__pycache__/x.pyc");
    expect(await unasked("find . -name __pycache__ -exec rm -rf {} +", { rules: edits })).toBe("allow");
    expect(await unasked("find . -exec rm -rf {} +", { rules: [] })).toBe("ask");
    expect(await unasked("grep -r x plain", { rules: edits })).toBe("allow");
  });
});

describe("a long line is looked at in proportion to its length", () => {
  const each = (count: number, text: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => text(i)).join(" ");

  test.each([
    ["each folder of tar with each of its files", `tar cf x ${each(300, (i) => `-C d${i} f${i}`)}`],
    ["a pattern of git's that is given again", `git grep x -- ${each(300, () => "'*.a'")}`],
    ["a wildcard that is given again", `cat ${each(300, () => "s*/*")}`],
    ["many wildcards", `cat ${each(400, (i) => `s*/*${i}`)}`],
    ["a file that is given again", `python3 x.py ${each(300, () => "src/x.ts")}`],
  ])("%s", async (_, command) => {
    let asked = 0;
    const paths: PathFacts = {
      realpath: (file, signal) => {
        asked += 1;
        return diskFacts.realpath(file, signal);
      },
      async *list(folder, signal) {
        asked += 1;
        yield* diskFacts.list?.(folder, signal) ?? [];
      },
    };
    await unasked(command, { paths });
    expect(asked).toBeLessThan(5000);
  });

  test("braces in braces beyond what anybody writes stay unread", async () => {
    const line = `cat ${"{a,".repeat(20_000)}.env${"}".repeat(20_000)}`;
    expect(await unasked(line, { mode: "default" })).toBe("ask");
  });
});

describe("R3: what a wildcard becomes is judged whatever program is given it", () => {
  test.each(["python3 x.py .en?", "perl -ne print .e*", "sed -n 1p s*/*", "sudo base64 .[e]nv"])(
    "%s",
    async (command) => {
      expect(await unasked(command)).toBe("deny");
    },
  );

  test("more names than can be looked at are asked about where one of them may be meant", async () => {
    for (let i = 0; i < 201; i += 1) put(`many/${i}.txt`);
    expect(await unasked("python3 x.py many/*", { rules: ["deny Read(key.txt)"] })).toBe("ask");
    expect(await unasked("python3 x.py many/*")).toBe("allow");
  });

  test.each(["sed -i s/a/b/ .git/hook*", "chmod +x .gi?/hooks", "cp x .clau*/settings.json"])(
    "class 18: %s changes a protected file",
    async (command) => {
      expect(await unasked(command, { rules: [] })).toBe("ask");
    },
  );
});
