import { afterAll, describe, expect, test } from "vitest";
import { type Call, decide, file, shell } from "./support/judge.ts";
import { makeWorkspace } from "./support/workspace.ts";

const workspace = makeWorkspace();
afterAll(workspace.remove);
const { root, outside } = workspace;

describe("rank 1: a question offers the rules that together end it", () => {
  const commands: readonly (readonly [command: string, suggestions: readonly string[]])[] = [
    ["git push origin main", ["Bash(git push origin main)"]],
    ["npm run test", ["Bash(npm run test)"]],
    ["npm test -- --watch", ["Bash(npm test -- --watch)"]],
    ["cargo build --release", ["Bash(cargo build --release)"]],
    ["rm x", ["Bash(rm x)"]],
    ["ls > y", ["Edit(./y)"]],
    [`cat ${outside}/secret.txt`, [`Bash(cat ${outside}/secret.txt)`]],
    ["cat linked.md", ["Bash(cat linked.md)"]],
    ["git push && npm publish && ls", ["Bash(git push)", "Bash(npm publish)"]],
    ["npm test > y && git push", ["Bash(npm test > y)", "Bash(git push)"]],
    ["PATH=x npm test", ["Bash(PATH=x npm test)"]],
    ["f() { ls; }; f", ["Bash(f() { ls; }; f)"]],
    ["timeout 5 npm publish", ["Bash(timeout 5 npm publish)"]],
    ["a; b; c; d; e", ["Bash(a)", "Bash(b)", "Bash(c)", "Bash(d)", "Bash(e)"]],
    ["cat .env", ["Bash(cat .env)"]],
    ["echo x > .git/config", ["Edit(./.git/config)"]],
  ];
  test.each(commands)("%s", async (command, suggestions) => {
    expect(await shell(workspace, command)).toMatchObject({ type: "ask", suggestions });
    const rules = suggestions.map((rule) => `allow ${rule}`);
    expect(await shell(workspace, command, { rules })).toMatchObject({ type: "allow" });
    for (const left of rules) {
      const fewer = rules.filter((rule) => rule !== left);
      expect(await shell(workspace, command, { rules: fewer })).toMatchObject({ type: "ask" });
    }
  });

  test.each([
    ["more than five parts", "a; b; c; d; e; f"],
    ["a wildcard in the text", "rm *.o"],
    ["hidden text", "npm test \u202ex"],
    ["a tab", "npm\tpublish"],
    ["padding", `npm publish${" ".repeat(40)}x`],
    ["several lines", "npm publish \\\n  x"],
    ["unknown words", "npm publish $X"],
    ["a here-document", "bash <<E\nx\nE"],
    ["what a loop fills in", "for f in a b; do npm publish $f; done"],
    ["what a variable fills in", 'd=x; npm publish "$d"'],
    ["a part that no rule can cover", "npm publish; rm -rf /"],
    ["an unparsable text", "npm publish 'x"],
  ])("class 14: none for %s", async (_, command) => {
    const decision = await shell(workspace, command);
    expect(decision.type).toBe("ask");
    expect(decision).not.toHaveProperty("suggestions");
  });

  test("none where an ask rule asks: no rule would end that", async () => {
    expect(await shell(workspace, "ls", { rules: ["ask Bash(ls)"] })).not.toHaveProperty("suggestions");
  });

  test("for files, links and other tools", async () => {
    expect(await file(workspace, "write", "dangling")).toMatchObject({
      suggestions: ["Edit(./dangling)", `Edit(/${outside}/not-there.txt)`],
    });
    expect(await file(workspace, "write", "a[1].ts")).not.toHaveProperty("suggestions");
    const mcp: Call = {
      tool: "mcp__srv__x",
      effects: [{ type: "mcp", server: "srv", tool: "x", readOnly: false }],
    };
    expect(await decide(workspace, mcp)).toMatchObject({ suggestions: ["mcp__srv__x"] });
    const custom: Call = { tool: "Custom", effects: [{ type: "unknown", detail: "x" }] };
    expect(await decide(workspace, custom)).toMatchObject({ suggestions: ["Custom"] });
  });

  test("an effect that is asked about twice is offered once", async () => {
    const path = `${root}/a.ts`;
    const call: Call = {
      tool: "X",
      effects: [
        { type: "write", path },
        { type: "write", path },
      ],
    };
    expect(await decide(workspace, call)).toMatchObject({ suggestions: ["Edit(./a.ts)"] });
  });
});
