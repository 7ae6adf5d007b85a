import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect, test } from "vitest";
import { type OAuthSite, oauthSite } from "./oauth-site.ts";
import { type ClawPlace, clawFile, clawPlace } from "./run-claw.ts";

const fake = fileURLToPath(new URL("../../agent-mcp/test/fixtures/fake-server.mjs", import.meta.url));

const everything = fileURLToPath(
  import.meta.resolve("@modelcontextprotocol/server-everything/dist/index.js"),
);

describe("claw mcp, as people run it", () => {
  test("add, list, get, status and remove; list and get start nothing (class 20)", async () => {
    await using place = await clawPlace();
    const notes = join(place.home, "notes");
    const add = ["mcp", "add", "fake", "-e", "TOKEN=secret", "--", process.execPath, fake, "good", notes];
    expect(await place.run(add)).toMatchObject({ code: 0, stdout: "" });
    const list = await place.run(["mcp", "list"]);
    expect(list.stdout).toMatch(/^fake {2}local {2}.*fake-server\.mjs good/);
    const get = await place.run(["mcp", "get", "fake"]);
    expect(JSON.parse(get.stdout)).toMatchObject({ name: "fake", scope: "local", env: { TOKEN: "***" } });
    expect(get.stdout).not.toContain("secret");
    await expect(stat(notes)).rejects.toThrow();
    const status = await place.run(["mcp", "status"]);
    expect(status).toMatchObject({ code: 0, stderr: "" });
    expect(status.stdout).toMatch(
      /^fake {2}stdio {2}ready {2}2025-11-25 {2}5 tools, 0 resources, 0 prompts\n$/,
    );
    expect((await readFile(notes, "utf8")).match(/^start/gm)).toHaveLength(1);
    expect((await place.run(["mcp", "remove", "fake"])).code).toBe(0);
    expect(await place.run(["mcp", "get", "fake"])).toMatchObject({ code: 1, stdout: "" });
  });

  test("add-json, and a definition that cannot be used", async () => {
    await using place = await clawPlace();
    expect((await place.run(["mcp", "add-json", "a", '{"command":"true"}', "--scope", "user"])).code).toBe(0);
    const bad = await place.run(["mcp", "add-json", "b", '{"type":"ws","url":"ws://x"}']);
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain('"type" is "ws"');
    expect(
      (await place.run(["mcp", "list", "--output-format", "json"])).stdout.trim().split("\n"),
    ).toHaveLength(1);
  });

  test("one that does not start is told, with its reason and exit code 1", async () => {
    await using place = await clawPlace();
    await place.run(["mcp", "add", "gone", "/no/such/program"]);
    const status = await place.run(["mcp", "status"]);
    expect(status.code).toBe(1);
    expect(status.stdout).toMatch(/^gone {2}stdio {2}failed {2}- {2}0 tools/);
    expect((await place.run(["mcp", "get", "gonne"])).stderr).toContain("Did you mean gone?");
    expect(status.stderr).toContain('The program "/no/such/program" is not there.');
  });

  test("approve, and what doctor says", async () => {
    await using place = await clawPlace();
    await writeFile(
      join(place.workspace, ".mcp.json"),
      JSON.stringify({ mcpServers: { own: { command: process.execPath, args: [fake] }, bad: {} } }),
    );
    const status = await place.run(["mcp", "status"]);
    expect(status.stderr).toContain("the workspace is not trusted");
    const waiting = await place.run(["doctor", "--trust-workspace"]);
    expect(waiting.stdout).toContain("MCP servers: waiting for your approval: own");
    expect((await place.run(["mcp", "approve", "own"])).stderr).toContain(
      `Approved: ${process.execPath} ${fake}`,
    );
    const doctor = await place.run(["doctor"]);
    expect(doctor.stdout).toContain("MCP servers: own (project)");
    expect(doctor.stdout).toMatch(/MCP configuration: .*\.mcp\.json:1: the server "bad" was skipped/);
  });

  describe("in a terminal, a server that the workspace brings (class 19)", () => {
    const ready = /\n>$/;
    /** A place whose trusted workspace brings a server that says when it is started. */
    async function bringing(notes: string, more: object = {}): Promise<ClawPlace> {
      const place = await clawPlace();
      const own = { command: process.execPath, args: [fake, "good", join(place.home, notes)], ...more };
      await writeFile(join(place.workspace, ".mcp.json"), JSON.stringify({ mcpServers: { own } }));
      await place.run(["trust", "add"]);
      return place;
    }
    const isStarted = (place: ClawPlace): Promise<boolean> =>
      stat(join(place.home, "notes")).then(
        () => true,
        () => false,
      );
    const question = "May the MCP server own start?";

    test("is asked about once, whole and with what it hides made visible; yes is kept for this definition", async () => {
      await using place = await bringing("notes", { env: { HIDDEN: "a\u202eb\u001b[31m" } });
      {
        await using terminal = await place.open(["--provider", "stub"]);
        const screen = await terminal.waitFor(question);
        expect(screen.replaceAll(/\s+/g, " ")).toContain("fake-server.mjs good");
        expect(screen).toContain("HIDDEN");
        expect(screen).toContain("<U+202E>");
        expect(screen).not.toContain("\u202e");
        expect(await isStarted(place)).toBe(false);
        terminal.type("2");
        await terminal.waitFor("→ yes, from now on");
        await terminal.waitFor(ready);
        terminal.type("/mcp\r");
        await terminal.waitFor(/own +stdio/);
      }
      const [project = ""] = await readdir(join(place.home, "projects"));
      const kept = await stat(join(place.home, "projects", project, "mcp-approved.json"));
      expect(kept.mode & 0o777).toBe(0o600);
      {
        await using again = await place.open(["--provider", "stub"]);
        expect(await again.waitFor(ready)).not.toContain(question);
      }
      const config = join(place.workspace, ".mcp.json");
      await writeFile(config, (await readFile(config, "utf8")).replace("good", "crash"));
      await place.run(["trust", "add"]);
      await using changed = await place.open(["--provider", "stub"]);
      await changed.waitFor("It is written differently");
      changed.key("ctrl-c");
      expect((await changed.exit).code).toBe(0);
    });

    test("no starts nothing and asks again; no for good does not, until claw mcp approve", async () => {
      await using place = await bringing("notes");
      for (const [answer, told] of [
        ["1", true],
        ["3", false],
      ] as const) {
        await using terminal = await place.open(["--provider", "stub"]);
        await terminal.waitFor(question);
        terminal.type(answer);
        await terminal.waitFor(ready);
        expect(terminal.screen().replace(/\s+/g, " ").includes("you have not approved it")).toBe(told);
      }
      await using quiet = await place.open(["--provider", "stub"]);
      const screen = await quiet.waitFor(ready);
      expect(screen).not.toMatch(/May the MCP server|not approved/);
      expect((await place.run(["mcp", "status"])).stderr).toContain("you declined it");
      expect(await isStarted(place)).toBe(false);
      await place.run(["mcp", "approve", "own"]);
      expect((await place.run(["mcp", "status"])).stdout).toMatch(/^own {2}stdio {2}ready/);
    });

    test("one that does not fit on the screen cannot be approved there", async () => {
      await using place = await bringing("notes", { args: ["-e", "//\n".repeat(60)] });
      await using terminal = await place.open(["--provider", "stub"]);
      const screen = await terminal.waitFor("it cannot be approved here");
      await terminal.waitFor("2. No, and do not ask again");
      expect(screen).not.toContain("Yes, from now on");
    });
  });

  test("disabledMcpServers switches a server off by name, wherever it is configured; a workspace cannot", async () => {
    await using place = await clawPlace();
    await place.run(["mcp", "add", "fake", "--", process.execPath, fake]);
    await mkdir(join(place.workspace, ".claw"));
    await writeFile(join(place.workspace, ".claw", "settings.json"), '{"disabledMcpServers":["fake"]}');
    expect((await place.run(["mcp", "status"])).stdout).toMatch(/^fake {2}stdio {2}ready/);
    await writeFile(join(place.home, "settings.json"), '{"disabledMcpServers":["fake"]}');
    expect(await place.run(["mcp", "status"])).toMatchObject({
      stdout: "",
      stderr: expect.stringContaining('"fake" was not started: settings switch it off'),
    });
    expect((await place.run(["mcp", "list"])).stdout).toMatch(/^fake {2}local {2}off: /);
    expect((await place.run(["doctor"])).stdout).toContain("MCP servers: fake (local, off)");
    await writeFile(
      join(place.workspace, ".mcp.json"),
      JSON.stringify({ mcpServers: { own: { command: process.execPath, args: [fake] } } }),
    );
    await writeFile(
      join(place.workspace, ".claw", "settings.json"),
      '{"disabledMcpjsonServers":["own","fake"]}',
    );
    await place.run(["mcp", "approve", "own"]);
    await place.run(["trust", "add"]);
    await writeFile(join(place.home, "settings.json"), "{}");
    const status = await place.run(["mcp", "status"]);
    expect(status.stdout).toMatch(/^fake {2}stdio {2}ready[^\n]*\n$/);
    expect(status.stderr).toContain('"own" was not started: settings switch it off');
  });

  test("--mcp-config: a query uses the server, and stdout is the answer alone", async () => {
    await using place = await clawPlace();
    const config = JSON.stringify({ mcpServers: { fake: { command: process.execPath, args: [fake] } } });
    const script = await place.script(
      { toolCalls: [{ name: "mcp__fake__read", input: { text: "x" } }] },
      { text: "It is read." },
    );
    const run = await place.run([
      "-q",
      "go",
      "--mcp-config",
      config,
      "--allowed-tools",
      "mcp__fake__*",
      ...script,
    ]);
    expect(run).toMatchObject({ code: 0, stdout: "It is read.\n" });
    expect(run.stderr).toContain("did read: x");
    const stream = await place.run([
      ...["-q", "go", "--mcp-config", config, "--output-format", "stream-json"],
      ...(await place.script({ text: "done" })),
    ]);
    expect(JSON.parse(stream.stdout.split("\n")[0] ?? "")).toMatchObject({
      mcp_servers: [{ name: "fake", tools: 5 }],
      warnings: [],
    });
  });

  test("what a server logs is shown with --verbose: by a query, bounded, and by status with what is on stderr", async () => {
    await using place = await clawPlace();
    const config = JSON.stringify({
      mcpServers: { fake: { command: process.execPath, args: [fake, "chatty"] } },
    });
    const logging = { toolCalls: [{ name: "mcp__fake__read", input: { text: "log 1000" } }] };
    const args = ["-q", "go", "--mcp-config", config, "--allowed-tools", "mcp__fake__*"];
    const run = async (...more: readonly string[]) =>
      place.run([...args, ...more, ...(await place.script(logging, { text: "done" }))]);
    const first = await run("--verbose");
    expect(first.stderr, "it was waited for").toContain(
      'MCP server "fake", info, before this run: looking\n',
    );
    const quiet = await run();
    expect(quiet.stderr).toContain("did read: log 1000");
    expect(quiet.stderr).not.toContain('"entry"');
    const verbose = await run("--verbose");
    expect(verbose.stdout).toBe("done\n");
    expect(verbose.stderr).toContain('MCP server "fake", warning: {"entry":1}\n');
    expect(verbose.stderr).toContain(
      'MCP server "fake", warning: what else it logs in this run is not shown\n',
    );
    expect(verbose.stderr.match(/"entry"/g)?.length).toBeLessThan(200);
    const stream = await run("--output-format", "stream-json");
    expect(stream.stderr).not.toContain('"entry"');
    expect(stream.stdout).toContain('"level":"info","code":"mcp-log"');
    expect(stream.stdout.split("\n")[1], "a run begins with its beginning").toContain('"type":"run-start"');

    const status = await place.run(["mcp", "status", "--mcp-config", config]);
    expect(status).toMatchObject({ code: 0, stderr: "" });
    const heard = await place.run(["mcp", "status", "--verbose", "--mcp-config", config]);
    expect(heard).toMatchObject({ code: 0, stdout: status.stdout });
    expect(heard.stderr).toMatch(/^fake said:\n/);
    expect(heard.stderr).toContain("  [info] looking\n");
    expect(heard.stderr).toMatch(/^ {2}listening/m);
    expect(heard.stderr).not.toContain("\u001b");
  });

  test("law 13: a resumed session has the tools of servers that it began with; what is gone is told, and does nothing", async () => {
    await using place = await clawPlace();
    await place.run(["mcp", "add", "fake", "--", process.execPath, fake]);
    await place.run(["mcp", "status"]); // so that its tools are known
    const call = { toolCalls: [{ name: "mcp__fake__read", input: { text: "x" } }] };
    const script = await place.script(call, { text: "done" });
    const args = ["-q", "go", "--allowed-tools", "mcp__fake__*", "--output-format", "stream-json", ...script];
    const objects = (text: string) =>
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    const first = objects((await place.run(args)).stdout);
    await place.run(["mcp", "remove", "fake"]);
    const again = await place.run([...args, "-r", first[0].session_id]);
    const second = objects(again.stdout);
    expect(first[0].tools).toContain("mcp__fake__read");
    expect(second[0].tools).toEqual(first[0].tools);
    expect(again.stderr).toContain('"fake" was in use when this session began');
    const outcomes = [first, second].map(
      (lines) => lines.find(({ type }) => type === "tool-end").outcome.status,
    );
    expect(outcomes).toEqual(["ok", "failed"]);
  });

  test("the REPL shows the servers and runs their prompts", async () => {
    await using place = await clawPlace();
    const config = JSON.stringify({
      mcpServers: { fake: { command: process.execPath, args: [fake, "prompts"] } },
    });
    const script = await place.script({ text: "Bern is nice." });
    const terminal = await place.open(["--mcp-config", config, ...script]);
    try {
      await terminal.waitFor("/help lists the commands");
      await terminal.type("/mcp\r");
      await terminal.waitFor(/^ {2}fake {2}stdio/m);
      await terminal.type("/mcp__fake__about Bern\r");
      await terminal.waitFor("Tell me about Bern");
      await terminal.waitFor("Bern is nice.");
      await terminal.type("/help\r");
      await terminal.waitFor(/^ {2}\/mcp__fake__about \S+ {2}\S/m);
    } finally {
      await terminal[Symbol.asyncDispose]();
    }
  });

  test("what a server asks is put to the person at the terminal: a text is typed at once, Escape cancels", async () => {
    await using place = await clawPlace();
    const config = JSON.stringify({
      mcpServers: { everything: { command: process.execPath, args: [everything] } },
    });
    const script = await place.script(
      { toolCalls: [{ name: "mcp__everything__trigger-elicitation-request", input: {} }] },
      { text: "Thank you." },
    );
    const flags = ["--mcp-config", config, "--allowed-tools", "mcp__everything__*", ...script];
    await place.run(["mcp", "status", "--mcp-config", config]); // so that its tools are known
    await using terminal = await place.open(flags);
    terminal.type("ask me\r");
    await terminal.waitFor("The MCP server everything asks:");
    terminal.type("1");
    await terminal.waitFor("Your answer:");
    terminal.type("Ada\r");
    await terminal.waitFor("→ Ada");
    terminal.key("escape");
    await terminal.waitFor("Thank you.");
  });

  test("login: discovery, registration, PKCE, the browser's way back; tokens 0600, shown to the server from then on", async () => {
    await using place = await clawPlace();
    const site = await oauthSite();
    try {
      await place.run(["mcp", "add", "web", `${site.url}/mcp`]);
      const before = await place.run(["mcp", "status"]);
      expect(before.stderr).toContain("claw mcp login web");
      const login = place.start(["mcp", "login", "web"]);
      await login.says("/authorize?");
      const address = /(http:\S+authorize\S+)/.exec(login.stderr())?.[1] ?? "";
      expect(new URL(address).searchParams.get("code_challenge_method")).toBe("S256");
      const back = new URL(new URL(address).searchParams.get("redirect_uri") ?? "");
      const stranger = await fetch(`${back.href}?code=evil&state=wrong`);
      expect(stranger.status).toBe(400);
      await fetch(address);
      expect(await login.exit).toMatchObject({
        code: 0,
        stderr: expect.stringContaining("Logged in to web: 1 tools."),
      });
      const after = await place.run(["mcp", "status"]);
      expect(after.stdout).toMatch(/^web {2}http {2}ready/);
      const kept = join(place.home, "mcp", "credentials");
      const [file] = await readdir(kept);
      expect((await stat(join(kept, file ?? ""))).mode & 0o777).toBe(0o600);
      expect((await stat(kept)).mode & 0o777).toBe(0o700);
      for (const { stdout, stderr } of [before, after]) expect(stdout + stderr).not.toContain("token-1");
    } finally {
      site.close();
    }
  });

  test("an expired access token is refreshed, also between two calls; a refused refresh says to log in again", async () => {
    await using place = await clawPlace();
    const site = await oauthSite();
    try {
      await place.run(["mcp", "add", "web", `${site.url}/mcp`]);
      const login = place.start(["mcp", "login", "web"]);
      await login.says("/authorize?");
      await fetch(/(http:\S+authorize\S+)/.exec(login.stderr())?.[1] ?? "");
      await login.exit;
      site.expire();
      expect(await place.run(["mcp", "status"])).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^web {2}http {2}ready/),
      });
      expect(site.log).toEqual(["refresh refresh-1"]);
      const kept = join(place.home, "mcp", "credentials");
      const [file = ""] = await readdir(kept);
      expect(await readdir(kept)).toHaveLength(1);
      expect(await readFile(join(kept, file), "utf8")).toContain("refresh-2");
      expect((await stat(join(kept, file))).mode & 0o777).toBe(0o600);
      const twice = { toolCalls: [{ name: "mcp__web__one", input: {} }] };
      const script = await place.script(twice, twice, { text: "Both." });
      const query = [
        "-q",
        "go",
        "--allowed-tools",
        "mcp__web__*",
        "--output-format",
        "stream-json",
        ...script,
      ];
      const ran = await place.run(query);
      expect(ran.stdout.match(/"tool-end".*?It is done\./g)).toHaveLength(2);
      expect(site.log.slice(1)).toEqual(["call", "refresh refresh-2", "call"]);
      site.expire();
      site.revoke();
      const refused = await place.run(["mcp", "status"]);
      expect(refused).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/^web {2}http {2}needs-login/),
      });
      expect(refused.stderr).toContain("claw mcp login web");
      const lost = await place.run(query);
      expect(lost.stderr).toContain("claw mcp login web");
      for (const { stdout, stderr } of [ran, refused, lost])
        expect(stdout + stderr).not.toMatch(/(?:token|refresh)-\d/);
    } finally {
      site.close();
    }
  });

  describe("logout", () => {
    async function logIn(place: ClawPlace, site: OAuthSite, name = "web"): Promise<void> {
      await place.run(["mcp", "add", name, `${site.url}/mcp`]);
      const login = place.start(["mcp", "login", name]);
      await login.says("/authorize?");
      await fetch(/(http:\S+authorize\S+)/.exec(login.stderr())?.[1] ?? "");
      expect((await login.exit).code).toBe(0);
    }
    const kept = (place: ClawPlace) => readdir(join(place.home, "mcp", "credentials"));

    test("deletes the tokens of one server and has its issuer revoke them; a second time there are none", async () => {
      await using place = await clawPlace();
      const site = await oauthSite({ revocation: 200 });
      const other = await oauthSite();
      try {
        await logIn(place, site);
        await logIn(place, other, "other");
        expect(await place.run(["mcp", "logout", "web"])).toEqual({
          ...{ code: 0, signal: null, stdout: "" },
          stderr: `Logged out of web.\n  ${site.url} revoked the tokens.\n`,
        });
        expect(site.log).toEqual(["revoke refresh-1 of client-1", "revoke token-1 of client-1"]);
        expect(other.log).toEqual([]);
        expect(await kept(place)).toHaveLength(1);
        expect((await place.run(["mcp", "status"])).stderr).toContain("claw mcp login web");
        const again = await place.run(["mcp", "logout", "web"]);
        expect(again).toMatchObject({ code: 0, stderr: "There are no tokens of web.\n" });
        expect(site.log).toHaveLength(2);
      } finally {
        site.close();
        other.close();
      }
    });

    test("--all: also of servers that are configured no more; who did not revoke them is told", async () => {
      await using place = await clawPlace();
      const refusing = await oauthSite({ revocation: 503 });
      const other = await oauthSite();
      try {
        await logIn(place, refusing);
        await logIn(place, other, "other");
        const [project = ""] = await readdir(join(place.home, "projects"));
        const config = join(place.home, "projects", project, "mcp.json");
        const { mcpServers } = JSON.parse(await readFile(config, "utf8"));
        await writeFile(config, JSON.stringify({ mcpServers: { web: mcpServers.web } }));
        const { code, stdout, stderr } = await place.run(["mcp", "logout", "--all"]);
        expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
        expect(stderr).toContain(
          `Logged out of web.\n  ${refusing.url} did not revoke the tokens: deleted here, they count there until they expire. It answered 503.\n`,
        );
        expect(stderr).toContain(
          `Logged out of ${other.url}/mcp.\n  ${other.url} offers no way to revoke tokens: deleted here, they count there until they expire.\n`,
        );
        expect(stderr).not.toMatch(/(?:token|refresh)-\d/);
        expect(await kept(place)).toEqual([]);
        expect((await place.run(["mcp", "logout", "--all"])).stderr).toBe(
          "There are no tokens of MCP servers.\n",
        );
      } finally {
        refusing.close();
        other.close();
      }
    });

    test("a server that is removed is logged out of", async () => {
      await using place = await clawPlace();
      const site = await oauthSite({ revocation: 200 });
      try {
        await logIn(place, site);
        expect(await place.run(["mcp", "remove", "web"])).toMatchObject({
          code: 0,
          stdout: "",
          stderr: expect.stringMatching(
            /^Removed web from .*mcp\.json\.\nLogged out of web\.\n {2}.* revoked the tokens\.\n$/,
          ),
        });
        expect(site.log).toEqual(["revoke refresh-1 of client-1", "revoke token-1 of client-1"]);
        expect(await kept(place)).toEqual([]);
      } finally {
        site.close();
      }
    });

    test.each([
      ["another name", ["mcp", "add", "twin"], "twin"],
      ["another scope", ["mcp", "add", "web", "--scope", "user"], "web"],
      ["another workspace", ["mcp", "add", "far", "--cwd"], "far"],
    ])("a server that is removed keeps its tokens for one of %s", async (_where, add, user) => {
      await using place = await clawPlace();
      await using other = await clawPlace();
      const site = await oauthSite({ revocation: 200 });
      try {
        await logIn(place, site);
        await place.run([...add, ...(user === "far" ? [other.workspace] : []), `${site.url}/mcp`]);
        const { stderr } = await place.run(["mcp", "remove", "web", "--scope", "local"]);
        expect(stderr).toMatch(
          new RegExp(`\nIts tokens stay, for a server at the same address: ${user}.\n$`),
        );
        expect(site.log).toEqual([]);
        expect(await kept(place)).toHaveLength(1);
      } finally {
        site.close();
      }
    });

    test("of a program, or of no server, is wrong usage or an unknown name", async () => {
      await using place = await clawPlace();
      await place.run(["mcp", "add", "fake", "--", process.execPath, fake]);
      expect(await place.run(["mcp", "logout", "fake"])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("there is nothing to log out of"),
      });
      expect((await place.run(["mcp", "logout", "fak"])).stderr).toContain("Did you mean fake?");
    });
  });

  test("serve: Claw's tools for another program", async () => {
    await using place = await clawPlace();
    const lines = [
      {
        id: 1,
        method: "initialize",
        params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } },
      },
      { method: "notifications/initialized" },
      { id: 2, method: "tools/call", params: { name: "Glob", arguments: { pattern: "*" } } },
    ].map((line) => JSON.stringify({ jsonrpc: "2.0", ...line }));
    const { stdout, code } = await converse(place, lines, '"id":2');
    expect(code).toBe(0);
    for (const line of stdout.trim().split("\n")) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
  });
});

test("claw mcp serve starts no configured server, which may be itself; only what its --mcp-config names", async () => {
  await using place = await clawPlace();
  await place.run(["mcp", "add", "self", "--", process.execPath, clawFile, "mcp", "serve"]);
  const listed = async (args: readonly string[]): Promise<readonly string[]> => {
    const client = new Client({ name: "t", version: "1" });
    const command = process.execPath;
    const { env, workspace: cwd } = place;
    await client.connect(
      new StdioClientTransport({ command, args: [clawFile, "mcp", "serve", ...args], cwd, env: { ...env } }),
    );
    const { tools } = await client.listTools();
    await client.close();
    return tools.map(({ name }) => name);
  };
  const own = await listed([]);
  expect(own).toContain("Bash");
  expect(own).not.toContain("McpCall");
  const named = { mcpServers: { fake: { command: process.execPath, args: [fake, "good"] } } };
  expect(await listed(["--mcp-config", JSON.stringify(named)])).toContain("McpCall");
});

describe("claw mcp serve: what needs a permission", () => {
  /** A client of a serving process, whose person says this to each question; absent: it can ask nobody. */
  async function client(place: ClawPlace, says?: "yes" | "no", args: readonly string[] = []) {
    const asked: string[] = [];
    const capabilities = says === undefined ? {} : { elicitation: {} };
    const connected = new Client({ name: "t", version: "1" }, { capabilities });
    if (says !== undefined) {
      connected.setRequestHandler("elicitation/create", ({ params }) => {
        asked.push(params.message);
        return { action: "accept", content: { allow: says === "yes" } };
      });
    }
    const { env, workspace: cwd } = place;
    const command = process.execPath;
    await connected.connect(
      new StdioClientTransport({ command, args: [clawFile, "mcp", "serve", ...args], cwd, env: { ...env } }),
    );
    const write = async (content = "x") => {
      const file_path = join(cwd, "made.txt");
      const { isError, content: said } = await connected.callTool({
        name: "Write",
        arguments: { file_path, content },
      });
      const made = await stat(file_path).then(
        () => true,
        () => false,
      );
      return { isError, said: JSON.stringify(said), made };
    };
    return { asked, write, [Symbol.asyncDispose]: () => connected.close() };
  }

  test("is put to the person behind a client that can ask, with what it hides made visible", async () => {
    await using place = await clawPlace();
    {
      await using no = await client(place, "no");
      expect(await no.write("a\u202eb")).toMatchObject({ isError: true, made: false });
      expect(no.asked).toEqual([expect.stringMatching(/Write .*made\.txt.*<U\+202E>/s)]);
    }
    await using yes = await client(place, "yes");
    expect(await yes.write("x".repeat(5_000))).toMatchObject({
      isError: true,
      made: false,
      said: expect.stringContaining("too long to be shown whole"),
    });
    expect(await yes.write()).toMatchObject({ made: true });
    expect(yes.asked).toHaveLength(1);
  });

  test("is refused with the reason where a client can ask nobody; rules decide without a question", async () => {
    await using place = await clawPlace();
    {
      await using nobody = await client(place);
      expect(await nobody.write()).toMatchObject({
        isError: true,
        made: false,
        said: expect.stringContaining("Nobody can be asked"),
      });
    }
    {
      await using denied = await client(place, "yes", ["--disallowed-tools", "Edit"]);
      expect(await denied.write()).toMatchObject({ isError: true, made: false });
      expect(denied.asked).toEqual([]);
    }
    await using allowed = await client(place, "no", ["--allowed-tools", "Edit"]);
    expect(await allowed.write()).toMatchObject({ made: true });
    expect(allowed.asked).toEqual([]);
  });
});

/** Serves, sends the lines, and ends the input once the answer is there. */
function converse(
  { env, workspace }: ClawPlace,
  lines: readonly string[],
  answer: string,
): Promise<{ readonly stdout: string; readonly code: number | null }> {
  const child = spawn(process.execPath, [clawFile, "mcp", "serve"], { cwd: workspace, env });
  let stdout = "";
  child.stdin.write(`${lines.join("\n")}\n`);
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    if (stdout.includes(answer)) child.stdin.end();
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ stdout, code })));
}
