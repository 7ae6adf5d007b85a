import { describe, expect, test } from "vitest";
import { parseCommandLine } from "../../src/flags/parse-command-line.ts";

const action = (...words: string[]): unknown => {
  const line = parseCommandLine(["mcp", ...words]);
  return line.type === "mcp" ? line.action : line;
};

describe("claw mcp", () => {
  test("add: a program, with what stands after -- as its own", () => {
    expect(
      action("add", "files", "-e", "A=b=c", "--scope", "user", "--", "npx", "-y", "server", "--flag"),
    ).toEqual({
      type: "add",
      name: "files",
      scope: "user",
      definition: { type: "stdio", command: "npx", args: ["-y", "server", "--flag"], env: { A: "b=c" } },
    });
    expect(action("add", "plain", "server")).toMatchObject({
      scope: "local",
      definition: { command: "server", args: [] },
    });
  });

  test("add: a URL, with headers and what OAuth needs", () => {
    expect(
      action(
        "add",
        "web",
        "https://example.com/mcp",
        "-H",
        "A: b: c",
        "--client-id=me",
        "--callback-port",
        "4000",
      ),
    ).toMatchObject({
      definition: {
        type: "http",
        url: "https://example.com/mcp",
        headers: { A: "b: c" },
        oauth: { clientId: "me", callbackPort: 4000 },
      },
    });
    expect(action("add", "-t", "sse", "old", "http://x/sse")).toMatchObject({ definition: { type: "sse" } });
  });

  test("add-json, list, get, remove, approve, login, logout, status, serve", () => {
    expect(action("add-json", "x", '{"command":"y"}', "--scope=project")).toEqual({
      type: "add",
      name: "x",
      scope: "project",
      definition: { command: "y" },
    });
    expect(action()).toEqual({ type: "list" });
    expect(action("remove", "x", "--scope", "user")).toEqual({ type: "remove", name: "x", scope: "user" });
    for (const type of ["list", "status", "serve"]) expect(action(type)).toEqual({ type });
    for (const type of ["get", "approve", "login", "logout"])
      expect(action(type, "x")).toEqual({ type, name: "x" });
    expect(action("logout", "--all")).toEqual({ type: "logout-all" });
  });

  test("takes the options of every command", () => {
    const line = parseCommandLine([
      "mcp",
      "serve",
      "--cwd",
      "/tmp",
      "-p",
      "auto",
      "--mcp-config",
      "a.json",
      "--strict-mcp-config",
    ]);
    expect(line).toMatchObject({
      type: "mcp",
      flags: { cwd: "/tmp", permission: "auto", mcpConfig: ["a.json"], strictMcpConfig: true },
    });
  });

  test.each([
    [["ad", "x"], "Did you mean add"],
    [["get"], "needs the name"],
    [["get", "a", "b"], "needs the name"],
    [["add", "x"], "needs a name, and a command or a URL"],
    [["add", "x", "http://y", "z"], "one word too many"],
    [["add", "x", "y", "--scope", "all"], "not a value of --scope"],
    [["add", "x", "y", "-e", "novalue"], "not a pair"],
    [["add", "x", "y", "-e"], "--env needs a value"],
    [["add-json", "x", "[]"], "not a JSON object"],
    [["logout"], "needs the name"],
    [["logout", "x", "--all"], "a name or --all"],
    [["list", "--all"], "claw mcp list does not take --all"],
    [["list", "x"], "takes no arguments"],
    [["list", "--nonsense"], "unknown option --nonsense"],
  ])("%j is wrong usage", (words, message) => {
    expect(action(...words)).toMatchObject({
      type: "usage-error",
      message: expect.stringContaining(message),
    });
  });
});
