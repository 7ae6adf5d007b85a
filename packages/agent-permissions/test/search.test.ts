import { afterAll, describe, expect, test } from "vitest";
import { createSearchFilter } from "../src/index.ts";
import { bookOf, decide, type Setting } from "./support/judge.ts";
import { diskFacts, makeWorkspace } from "./support/workspace.ts";

const workspace = makeWorkspace();
afterAll(workspace.remove);
const { root, home } = workspace;

const read = (tool: string, path: string, setting: Setting) =>
  decide(workspace, { tool, effects: [{ type: "read", path }] }, setting);

describe("R3: a search does not open what a rule keeps closed", () => {
  const rules = ["deny Read(./.env)", "deny Read(secrets/**)"];

  test("a search that may meet such a file is asked about in every mode", async () => {
    expect(await read("Grep", root, { rules })).toMatchObject({ type: "ask", rule: "Read(./.env)" });
    expect(await read("Grep", root, { rules, mode: "bypassPermissions" })).toMatchObject({ type: "ask" });
    expect(await read("Grep", root, { rules: [...rules, "allow Grep"] })).toMatchObject({ type: "ask" });
    expect(await read("Grep", `${root}/secrets`, { rules })).toMatchObject({ type: "deny" });
    const blind = { rules, paths: { realpath: diskFacts.realpath } };
    expect(await read("Grep", `${root}/src`, blind)).toMatchObject({ type: "ask" });
  });

  test("a search elsewhere, of one file, by a tool that leaves such files out or opens none is not", async () => {
    const anchored = { rules: ["deny Read(./.env)"] };
    expect(await read("Grep", `${root}/src`, anchored)).toMatchObject({ type: "allow" });
    expect(await read("Grep", `${root}/a.ts`, { rules })).toMatchObject({ type: "allow" });
    expect(await read("Grep", root, { rules, filteredTools: ["Grep"] })).toMatchObject({ type: "allow" });
    expect(await read("Glob", root, { rules })).toMatchObject({ type: "allow" });
    expect(await read("Read", root, { rules })).toMatchObject({ type: "allow" });
    expect(await read("Grep", root, {})).toMatchObject({ type: "allow" });
  });

  test("the filter says which files those are, by the rules as they are now", () => {
    const book = bookOf(rules, root);
    const mayOpen = createSearchFilter({ rules: book, cwd: root, home });
    const paths = ["a.ts", ".env", "sub/.env", "secrets/key.txt", "src/secrets/x", "src/../.env"];
    const open = () => paths.filter((path) => mayOpen(`${root}/${path}`));
    expect(open()).toEqual(["a.ts", "sub/.env"]);
    book.add("ask", "Read(*.ts)", { name: "session", root });
    expect(open()).toEqual(["sub/.env"]);
    book.add("deny", "Read", { name: "session", root });
    expect(open()).toEqual([]);
  });

  test("a rule for one name of the workspace counts for the other", () => {
    const link = `${root}-link`;
    for (const [ruled, opened] of [
      [root, link],
      [link, root],
    ]) {
      const book = bookOf([`deny Read(/${ruled}/secrets/**)`], root);
      const mayOpen = createSearchFilter({ rules: book, cwd: link, realCwd: root, home });
      expect(mayOpen(`${opened}/secrets/key.txt`), ruled).toBe(false);
      expect(mayOpen(`${opened}/a.ts`), ruled).toBe(true);
    }
  });
});
