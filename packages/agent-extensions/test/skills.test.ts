import { spawnSync } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { plainText } from "@claw/agent-core";
import {
  expandSkill,
  findSkills,
  listSkills,
  newSkills,
  type Skill,
  type Skills,
  skillFolders,
  skillListing,
} from "@claw/agent-extensions";
import { folderForEachTest, skillText } from "@claw/testkit";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const folder = folderForEachTest({ beforeEach, afterEach });
const { put, at } = folder;

const places = () => ({
  cwd: at("work"),
  home: at("home"),
  claw: at("home/.claw"),
  trusted: true,
});
const find = (trusted = true): Promise<Skills> => findSkills(skillFolders({ ...places(), trusted }));
const told = ({ problems }: Skills) =>
  problems.map(
    ({ file, line, reason, skipped }) =>
      `${skipped ? "SKIPPED " : ""}${file.slice(folder.root.length + 1)}:${line ?? ""} ${reason}`,
  );

describe("which skills there are", () => {
  test("skill_loaded: standard places, the project before the user, ours before others, by name", async () => {
    const standard = [
      "work/.claw",
      "work/.agents",
      "work/.claude",
      "home/.claw",
      "home/.agents",
      "home/.claude",
    ];
    for (const [index, folder] of standard.entries()) {
      await put(`${folder}/skills/same/SKILL.md`, skillText("same"));
      await put(`${folder}/skills/only-${6 - index}/SKILL.md`, skillText(`only-${6 - index}`));
    }
    for (const place of standard) {
      const { skills, problems } = await find();
      expect(skills.find(({ name }) => name === "same")?.file).toBe(at(`${place}/skills/same/SKILL.md`));
      expect(skills.map(({ name }) => name)).toEqual([
        "only-1",
        "only-2",
        "only-3",
        "only-4",
        "only-5",
        "only-6",
        "same",
      ]);
      expect(problems.every(({ reason }) => reason.includes("the same name"))).toBe(true);
      await rm(at(`${place}/skills/same`), { recursive: true });
    }
  });

  test("class 20: of a workspace that is not trusted, nothing", async () => {
    await put("work/.claude/skills/theirs/SKILL.md", skillText("theirs"));
    await put("work/.claude/commands/theirs-too.md", "x");
    await put("home/.agents/skills/mine/SKILL.md", skillText("mine"));
    expect((await find(false)).skills.map(({ name }) => name)).toEqual(["mine"]);
    expect((await find()).skills.map(({ name }) => name)).toEqual(["mine", "theirs", "theirs-too"]);
  });

  test("R15, skill_bad_file_ignored: a bad one is told with file, line and reason, and hides no good one", async () => {
    const bad: Readonly<Record<string, string>> = {
      "open-block": "---\nname: open-block\n",
      "no-yaml": "---\nname: 'x\ndescription: y\n---\n",
      "no-description": "---\nname: no-description\n---\nBody",
      "no-frontmatter": "Only text",
      "not text": skillText("x"),
      binary: "a\0b",
    };
    for (const [name, text] of Object.entries(bad)) await put(`home/.claw/skills/${name}/SKILL.md`, text);
    await mkdir(at("home/.claw/skills/empty"));
    await put("home/.claw/skills/good/SKILL.md", skillText("good"));
    const found = await find();
    expect(found.skills.map(({ name }) => name)).toEqual(["good"]);
    const where = (name: string) => `SKIPPED home/.claw/skills/${name}/SKILL.md`;
    expect(told(found).toSorted()).toEqual([
      `${where("binary")}: it is not text`,
      `${where("empty")}: there is no SKILL.md in it`,
      expect.stringMatching(/no-description\/SKILL\.md: it has no description/),
      expect.stringMatching(/no-frontmatter\/SKILL\.md: it has no description/),
      expect.stringMatching(/no-yaml\/SKILL\.md:\d /),
      `${where("not text")}: its folder's name may hold letters, digits, hyphens and underscores`,
      `${where("open-block")}:1 the block that begins with --- does not end with ---`,
    ]);
  });

  test("what of a good one is not used is told with its line, what is not supported with what happens instead", async () => {
    await put(
      "home/.claw/skills/full/SKILL.md",
      skillText(
        "other",
        "Do it.",
        "license: MIT\nmodel: opus\ncontext: spoon\nhooks: { Sometimes: [] }\ncolour: red\nuser-invocable: maybe\npaths: [1]\nargument-hint: [file] [line]\n",
      ),
    );
    const found = await find();
    expect(found.skills).toMatchObject([{ name: "full", forPeople: true, argumentHint: "[file] [line]" }]);
    const where = "home/.claw/skills/full/SKILL.md";
    expect(told(found)).toEqual([
      `${where}:2 the name "other" is not that of the folder, which counts`,
      `${where}:6 context is not "fork", so it is followed in the conversation itself`,
      `${where}:7 hooks.Sometimes means nothing here`,
      `${where}:8 colour means nothing here`,
      `${where}:9 user-invocable must be true or false`,
      `${where}:10 paths must be a list of texts`,
      expect.stringContaining("read as plain text"),
    ]);
  });

  test("every key that counts is read", async () => {
    await put(
      "work/.agents/skills/all/SKILL.md",
      skillText(
        "all",
        "Now: !`date`",
        'when_to_use: On Mondays.\nallowed-tools: Read Bash(git add:*), Bash(git commit *)\narguments: issue branch\ndisable-model-invocation: true\nuser-invocable: false\npaths: "src/**/*.{ts,js}, *.md"\nmodel: small\neffort: xhigh\ncontext: fork\nagent: Explore\nbackground: true\ndisallowed-tools: [WebFetch]\n',
      ),
    );
    expect((await find()).skills).toEqual([
      {
        name: "all",
        kind: "skill",
        scope: "project",
        description: "Does all. On Mondays.",
        file: at("work/.agents/skills/all/SKILL.md"),
        folder: at("work/.agents/skills/all"),
        argumentNames: ["issue", "branch"],
        allowedTools: ["Read", "Bash(git add:*)", "Bash(git commit *)"],
        disallowedTools: ["WebFetch"],
        model: "small",
        effort: "high",
        fork: { agent: "Explore", background: true },
        forModel: false,
        forPeople: false,
        runsCommands: true,
        paths: ["src/**/*.{ts,js}", "*.md"],
      },
    ]);
  });

  test("commands are files at any depth, for people, described by their first line; a skill is stronger", async () => {
    await put("work/.claude/commands/web/deploy.md", "# Deploy it\nNow.");
    await put("home/.claude/commands/same.md", "Command");
    await put("home/.claude/skills/same/SKILL.md", skillText("same"));
    const { skills } = await find();
    expect(skills).toMatchObject([
      {
        name: "deploy",
        kind: "command",
        namespace: "web",
        description: "Deploy it",
        forModel: false,
        forPeople: true,
      },
      { name: "same", kind: "skill" },
    ]);
  });
});

test("R15: of two commands with one name in different folders, the second keeps its folder in its name", async () => {
  for (const file of ["work/.claude/commands/fe/build.md", "work/.claude/commands/be/x/build.md"])
    await put(file, "Build.");
  await put("home/.claude/commands/build.md", "Mine.");
  const found = await find();
  expect(found.skills.map(({ name, namespace }) => [name, namespace])).toEqual([
    ["build", "be/x"],
    ["fe:build", "fe"],
  ]);
  expect(told(found)).toEqual([
    expect.stringMatching(/^work\/\.claude\/commands\/fe\/build\.md: .*so this one is called \/fe:build$/),
    expect.stringMatching(/^SKIPPED home\/\.claude\/commands\/build\.md: /),
  ]);
});

describe("rank 8, rank 13: the list that the model gets", () => {
  const many = (count: number, length: number) =>
    Array.from({ length: count }, (_, index) => ({
      name: `skill-${index}`,
      description: "word ".repeat(length / 5),
    }));

  test("fifty skills stay within the budget: descriptions are cut, then names stand alone, then they are counted", () => {
    expect(listSkills(many(3, 50), 8_000)).toContain(`- skill-2: ${"word ".repeat(10)}`);
    expect(listSkills(many(1, 5_000), 8_000).length).toBeLessThan(1_600);
    for (const [skills, room] of [
      [many(50, 1_000), 8_000],
      [many(50, 1_000), 900],
      [many(500, 1_000), 900],
    ] as const) {
      expect(listSkills(skills, room).length).toBeLessThanOrEqual(room);
    }
    expect(listSkills(many(50, 1_000), 8_000)).toMatch(/- skill-49: word .*…$/);
    expect(listSkills(many(50, 1_000), 900).split("\n").at(-1)).toBe("- skill-49");
    expect(listSkills(many(500, 1_000), 900)).toMatch(/and \d+ more: call Skill with words/);
  });

  test("it never outgrows its room, and is the same for the same skills", () => {
    const skills = fc.array(
      fc.record({ name: fc.string({ maxLength: 64 }), description: fc.string({ maxLength: 400 }) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(skills, fc.integer({ min: 100, max: 4_000 }), (some, room) => {
        const list = listSkills(some, room);
        expect(list.length).toBeLessThanOrEqual(room);
        expect(listSkills(some, room)).toBe(list);
      }),
    );
  });

  test("is a pinned message that knows its files", async () => {
    await put("home/.claw/skills/good/SKILL.md", skillText("good"));
    const { skills } = await find();
    const listing = skillListing(skills);
    expect(listing).toMatchObject({ role: "user", origin: "skill", pinned: true, files: [skills[0]?.file] });
    expect(plainText(listing?.content ?? [])).toMatch(/:\n- good: Does good\.$/);
    expect(plainText(newSkills(skills)?.content ?? [])).toMatch(/^There are more skills now/);
    expect(skillListing([])).toBeUndefined();
  });
});

describe("the text of a skill", () => {
  async function expand(body: string, args = "", more: Partial<Skill> = {}, frontmatter = "") {
    await put("home/.claw/skills/x/SKILL.md", skillText("x", body, frontmatter));
    const [skill] = (await find()).skills;
    if (skill === undefined) throw new Error("There is a skill.");
    const commands: string[] = [];
    const run = async (command: string) => `<${commands.push(command)}: $ARGUMENTS !\`x\`>`;
    const attach = async (path: string) => (path.endsWith(".txt") ? `<${path}>` : undefined);
    const options = { args, session: "s1", cwd: "/work", run, attach };
    return { text: await expandSkill({ ...skill, ...more }, options), commands };
  }

  test("arguments by position from 0, by name, and as they were typed; other dollars stay", async () => {
    const body = "$ARGUMENTS | $0 | $ARGUMENTS[1] | $2 | $branch | $HOME | $5.00 | $ARGUMENTSX";
    const { text } = await expand(body, ` 'a b'  "c" `, {}, "arguments: [issue, branch]\n");
    expect(text).toBe(`'a b'  "c" | a b | c |  | c | $HOME | .00 | $ARGUMENTSX`);
  });

  test("a text that takes no arguments gets them at its end", async () => {
    expect((await expand("Do it.", "now")).text).toBe("Do it.\n\nARGUMENTS: now");
    expect((await expand("Do it.")).text).toBe("Do it.");
  });

  test("names of the session and of places, under both spellings", async () => {
    const names = ["CLAUDE_SKILL_DIR", "CLAW_SKILL_DIR", "CLAUDE_SESSION_ID", "CLAUDE_PROJECT_DIR", "OTHER"];
    const { text } = await expand(names.map((name) => `$\{${name}}`).join(" "));
    const folder = at("home/.claw/skills/x");
    expect(text).toBe(`${folder} ${folder} s1 /work \${OTHER}`);
  });

  test("class 21: what is put in is not looked at again, and bash takes arguments as words", async () => {
    const { text, commands } = await expand(
      "A !`git log $0` B !`echo \"$1\" '$1' $ARGUMENTS` C $0 x!`no` D",
      "'$(rm -rf /); $1' 'it`s \"x\"'\\''y'",
    );
    expect(commands).toEqual([
      "git log '$(rm -rf /); $1'",
      `echo "it\\\`s \\"x\\"'y" 'it\`s "x"'\\''y' '$(rm -rf /); $1' 'it\`s "x"'\\''y'`,
    ]);
    expect(text).toBe("A <1: $ARGUMENTS !`x`> B <2: $ARGUMENTS !`x`> C $(rm -rf /); $1 x!`no` D");
  });

  const places = [
    "echo $0",
    "echo '$0'",
    'echo "$0"',
    'echo "$(echo $0)"',
    'echo "$(echo "$0")"',
    'echo "`echo $0`"',
    "echo `echo $0`",
    `echo "\${x:-$0}"`,
    "echo # $0",
    "echo a # isn't\necho $0",
    "cat <<END\n$0\nEND",
    "cat <<< $0",
    "echo $'it\\'s' $0",
    "echo $(( $0 ))",
    "echo $[ $0 ]",
    "for ((i = $0; 0; )); do :; done",
    "echo \\\\'$0'",
  ];
  test.each(places)("class 21: no argument becomes a command in %j", async (place) => {
    const ran = "echo RA\\N";
    const words = [`; ${ran}`, `$(${ran} >&2)`, `\`${ran} >&2\``, `\n${ran}\n`, `'"; ${ran}; "'`];
    for (const word of [...words, ...words.map((each) => `a[${each}]`)]) {
      const quoted = `"${word.replaceAll(/["\\]/g, "\\$&")}"`;
      const expanded = await expand(`\`\`\`!\n${place}\n\`\`\``, quoted).catch((error: unknown) =>
        String(error),
      );
      if (typeof expanded === "string") {
        expect(expanded).toContain("Its command cannot take");
        continue;
      }
      const [command = ""] = expanded.commands;
      const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", command], { encoding: "utf8" });
      expect(`${stdout}${stderr}`, command).not.toMatch(/RAN/);
    }
    const { commands } = await expand(`\`\`\`!\n${place}\n\`\`\``, "main");
    expect(commands).toEqual([place.replace("$0", "main")]);
  });

  test("a block of commands is run as one", async () => {
    const { text, commands } = await expand("A\n```!\necho $0\nls\n```\n```sh\nno\n```", "'a b'");
    expect(commands).toEqual(["echo 'a b'\nls"]);
    expect(text).toBe("A\n<1: $ARGUMENTS !`x`>\n```sh\nno\n```");
  });

  test("files that it names come behind it, also by an argument; code and what is put in name none", async () => {
    const body = "See @a.txt, @$0 and @someone, not `@b.txt`.\n```\n@c.txt\n```\n$1";
    expect((await expand(body, "d.txt @e.txt")).text).toBe(
      "See @a.txt, @d.txt and @someone, not `@b.txt`.\n```\n@c.txt\n```\n@e.txt\n\n<a.txt>\n\n<d.txt>",
    );
  });

  test("a file that is gone, or is no skill any more, is an error that names it", async () => {
    await expand("x");
    const [skill] = (await find()).skills;
    if (skill === undefined) throw new Error("There is a skill.");
    await rm(skill.file);
    const options = { args: "", session: "s", cwd: "/", run: async () => "", attach: async () => undefined };
    await expect(expandSkill(skill, options)).rejects.toThrow(`${skill.file} cannot be used: it is gone.`);
    await put("home/.claw/skills/x/SKILL.md", "---\nname: 'x\n---\n");
    await expect(expandSkill(skill, options)).rejects.toThrow(`${skill.file}, line 2: `);
  });
});
