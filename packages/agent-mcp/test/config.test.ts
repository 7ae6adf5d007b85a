import { definitionHash, parseMcpConfig } from "@claw/agent-mcp";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

/** As it is written in a file. */
const variable = (words: string): string => `\${${words}}`;
const env = { TOKEN: "secret", EMPTY: "" };
const parse = (source: string) => parseMcpConfig(source, { file: ".mcp.json", scope: "project", env });

describe(".mcp.json", () => {
  test("reads the entries that people have", () => {
    const { servers, faults } = parse(`{ "mcpServers": {
      "files": { "command": "npx", "args": ["-y", "server", "\${HOME_DIR:-/home/x}"], "env": { "T": "\${TOKEN}" } },
      "web": { "type": "http", "url": "https://example.com/mcp", "headers": { "Authorization": "Bearer \${TOKEN}" }, "timeout": 5000 },
      "old": { "type": "sse", "url": "http://127.0.0.1:1/sse", "alwaysLoad": true },
      "plugin": { "type": "streamable-http", "url": "https://example.com/mcp" }
    } }`);
    expect(faults).toEqual([]);
    expect(servers.map(({ name, definition, line }) => ({ name, definition, line }))).toEqual([
      {
        name: "files",
        line: 2,
        definition: {
          type: "stdio",
          command: "npx",
          args: ["-y", "server", "/home/x"],
          env: { T: "secret" },
        },
      },
      {
        name: "web",
        line: 3,
        definition: {
          type: "http",
          url: "https://example.com/mcp",
          headers: { Authorization: "Bearer secret" },
          timeoutMs: 5000,
        },
      },
      {
        name: "old",
        line: 4,
        definition: { type: "sse", url: "http://127.0.0.1:1/sse", headers: {}, alwaysLoad: true },
      },
      { name: "plugin", line: 5, definition: { type: "http", url: "https://example.com/mcp", headers: {} } },
    ]);
  });

  test.each([
    ['"bad": 1', "not an object"],
    ['"bad": {}', '"command"'],
    ['"bad": { "command": 1 }', '"command"'],
    ['"bad": { "command": "x", "args": "y" }', '"args"'],
    ['"bad": { "command": "x", "env": { "A": 1 } }', '"env"'],
    ['"bad": { "type": "ws", "url": "ws://x" }', '"ws"'],
    ['"bad": { "type": "http", "url": "ftp://x" }', '"url"'],
    ['"bad": { "type": "http", "url": "http://x", "headersHelper": "cmd" }', "headersHelper"],
    ['"bad": { "type": "http", "url": "http://x", "timeout": -1 }', '"timeout"'],
    ['"bad": { "type": "http", "url": "http://x", "oauth": { "callbackPort": 99999 } }', "callbackPort"],
    ['"": { "command": "x" }', "name"],
    ['"bad": { "type": "http", "url": "https://me:secret@example.com" }', "must not hold a user"],
  ])("one bad entry is told with file, line and reason, and hides no other: %s", (bad, why) => {
    const { servers, faults } = parse(`{\n"mcpServers": {\n${bad},\n"good": { "command": "x" } } }`);
    expect(servers.map((server) => server.name)).toEqual(["good"]);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.message).toMatch(/^\.mcp\.json:3: the server/);
    expect(faults[0]?.message).toContain(why);
    expect(faults[0]?.message).not.toContain("secret");
  });

  test.each([["{"], ["[]"], ["{}"], ['{"mcpServers": []}'], [""]])(
    "a file without servers is a fault: %s",
    (source) => {
      const { servers, faults } = parse(source);
      expect(servers).toEqual([]);
      expect(faults[0]?.code).toBe("mcp-config");
    },
  );

  test("a variable without a value leaves its text, and is told", () => {
    const { servers, faults } = parse(
      `{"mcpServers":{"a":{"command":"x","args":["${variable("NOPE")}","${variable("EMPTY:-y")}","${variable("EMPTY")}"]}}}`,
    );
    expect(servers[0]?.definition).toMatchObject({ args: [variable("NOPE"), "y", ""] });
    expect(faults.map(({ code }) => code)).toEqual(["mcp-variable"]);
  });

  test("never throws, whatever the file holds", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        parse(json);
        parse(`{"mcpServers":{"a":${json},"good":{"command":"x"}}}`).servers.some(
          ({ name }) => name === "good",
        );
        expect(parse(`{"mcpServers":{"a":${json},"good":{"command":"x"}}}`).servers.at(-1)?.name).toBe(
          "good",
        );
      }),
    );
  });
});

describe("class 19: the hash that an approval is pinned to", () => {
  const base = { command: "x", args: ["a"], env: { A: "1" } };

  test("does not care for the order of keys", () => {
    expect(definitionHash({ env: { A: "1" }, args: ["a"], command: "x" })).toBe(definitionHash(base));
  });

  test.each([
    [{ ...base, command: "y" }],
    [{ ...base, args: ["b"] }],
    [{ ...base, env: { A: "2" } }],
    [{ ...base, url: "http://x" }],
  ])("changes with the definition: %j", (changed) => {
    expect(definitionHash(changed)).not.toBe(definitionHash(base));
  });

  test("is of what was written, not of what variables make of it", () => {
    const source = `{"mcpServers":{"a":{"command":"x","args":["${variable("TOKEN")}"]}}}`;
    const [one] = parse(source).servers;
    const [other] = parseMcpConfig(source, { file: "", scope: "project", env: { TOKEN: "other" } }).servers;
    expect(one?.hash).toBe(other?.hash);
  });
});
