import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { createServer as createPlainServer, type RequestListener } from "node:http";
import { createServer } from "node:https";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { installPlugin, listPlugins, uninstallPlugin } from "@claw/agent-sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let folder = "";
const stops: (() => Promise<void>)[] = [];

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "claw-sources-")));
  await mkdir(join(folder, "work"));
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await rm(folder, { recursive: true, force: true });
});

const of = (more: Readonly<Record<string, string>> = {}) => ({
  cwd: join(folder, "work"),
  env: {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    CLAW_HOME: join(folder, "home"),
    // Of whoever runs the tests nothing counts: neither their settings of npm and git nor a proxy.
    npm_config_userconfig: join(folder, "npmrc"),
    npm_config_fetch_retry_mintimeout: "10",
    npm_config_globalconfig: join(folder, "npmrc-global"),
    GIT_CONFIG_NOSYSTEM: "1",
    ...more,
  },
});

async function put(file: string, content: object | string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), typeof content === "string" ? content : JSON.stringify(content));
}

async function pluginIn(where: string, version: string): Promise<void> {
  await put(`${where}/.claude-plugin/plugin.json`, { name: "guard", version });
  await put(`${where}/commands/hello.md`, `Say hello ${version}.`);
  await put(`${where}/check.sh`, "#!/bin/bash\nexit 0\n");
  await chmod(join(folder, where, "check.sh"), 0o755);
}

async function listen(server: Pick<Server, "listen" | "close" | "address">): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(() => new Promise((resolve) => server.close(() => resolve())));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}

describe("from an npm registry", () => {
  /** A registry with one package, as npm asks it. */
  async function registry(asked: string[], tamper = false): Promise<string> {
    const name = "guard-plugin";
    const archives = new Map<string, Buffer>();
    for (const version of ["3.1.4", "4.0.0"]) {
      await pluginIn(`pack-${version}`, version);
      const scripts = {
        prepack: `touch ${folder}/ran`,
        preinstall: `touch ${folder}/ran`,
        postinstall: `touch ${folder}/ran`,
      };
      await put(`pack-${version}/package.json`, { name, version, scripts });
      execFileSync("npm", ["pack", "--ignore-scripts", "--silent", `./pack-${version}`], { cwd: folder });
      archives.set(version, await readFile(join(folder, `${name}-${version}.tgz`)));
    }
    let port = 0;
    const versionOf = ([version, bytes]: readonly [string, Buffer]) => [
      version,
      {
        name,
        version,
        dist: {
          tarball: `http://127.0.0.1:${port}/${name}/-/${name}-${version}.tgz`,
          integrity: `sha512-${createHash("sha512").update(bytes).digest("base64")}`,
        },
      },
    ];
    const server = createPlainServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const version = /-(\d+\.\d+\.\d+)\.tgz$/.exec(request.url ?? "")?.[1];
      if (version !== undefined) {
        response.end(tamper ? archives.get("4.0.0") : archives.get(version));
      } else if (request.url === `/${name}`) {
        response.setHeader("content-type", "application/json");
        const versions = Object.fromEntries([...archives].map(versionOf));
        response.end(JSON.stringify({ name, "dist-tags": { latest: "4.0.0" }, versions }));
      } else response.writeHead(404).end("{}");
    });
    port = await listen(server);
    return `http://127.0.0.1:${port}/`;
  }

  test("the version that is asked for, without its scripts, pinned to it", async () => {
    const asked: string[] = [];
    const options = of({ npm_config_registry: await registry(asked) });
    const added = await installPlugin("npm:guard-plugin@3.1.4", options);
    expect(added).toMatchObject({ name: "guard", brings: ["1 folders of commands"] });
    expect(await listPlugins(options)).toMatchObject([
      { name: "guard", source: "npm:guard-plugin@3.1.4", revision: "guard-plugin-3.1.4", enabled: false },
    ]);
    expect(new Set(asked)).toEqual(
      new Set(["GET /guard-plugin", "GET /guard-plugin/-/guard-plugin-3.1.4.tgz"]),
    );
    await uninstallPlugin("guard", options);
    await installPlugin("npm:guard-plugin", options);
    expect(await listPlugins(options)).toMatchObject([{ revision: "guard-plugin-4.0.0" }]);
    await expect(stat(join(folder, "ran"))).rejects.toThrow();
  });

  test("the registry of the user's .npmrc; a package that is not there is told, and nothing is left", async () => {
    await put("npmrc", `registry=${await registry([])}\n`);
    await installPlugin("npm:guard-plugin@3.1.4", of());
    await uninstallPlugin("guard", of());
    await expect(installPlugin("npm:other-plugin", of())).rejects.toMatchObject({
      fault: { code: "plugin-unreachable", message: expect.stringMatching(/^npm could not fetch .*404/s) },
    });
    expect(await listPlugins(of())).toEqual([]);
  });

  test("class 19: bytes that are not those that the registry names are refused", async () => {
    const options = of({ npm_config_registry: await registry([], true) });
    await expect(installPlugin("npm:guard-plugin@3.1.4", options)).rejects.toMatchObject({
      fault: { code: "plugin-unreachable", message: expect.stringContaining("integrity") },
    });
  });
});

describe("from a git repository over https", () => {
  const git = (...words: string[]): string =>
    execFileSync("git", ["-C", join(folder, "repo"), "-c", "user.name=a", "-c", "user.email=a@b", ...words], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });

  /** Serves the repository's files as they are: what git calls the dumb protocol. */
  async function site(): Promise<string> {
    await pluginIn("repo", "1.0.0");
    git("init", "--quiet");
    await put("repo/.git/hooks/post-checkout", `#!/bin/bash\ntouch ${folder}/ran\n`);
    await chmod(join(folder, "repo/.git/hooks/post-checkout"), 0o755);
    git("add", ".");
    git("commit", "--quiet", "-m", "one");
    git("tag", "v1");
    await pluginIn("repo", "2.0.0");
    git("commit", "--quiet", "-am", "two");
    git("update-server-info");
    const key = join(folder, "key.pem");
    const certificate = join(folder, "certificate.pem");
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "1",
      ].concat([
        "-keyout",
        key,
        "-out",
        certificate,
        "-subj",
        "/CN=127.0.0.1",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
      ]),
      { stdio: "ignore" },
    );
    const answer: RequestListener = (request, response) => {
      const path = (request.url ?? "").replace(/\?.*$/, "").replace("/guard.git/", "repo/.git/");
      readFile(join(folder, path)).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(404).end(),
      );
    };
    const server = createServer({ key: await readFile(key), cert: await readFile(certificate) }, answer);
    return `https://127.0.0.1:${await listen(server)}/guard.git`;
  }

  test("at a revision and at its head, each pinned to its commit; no hook of it runs", async () => {
    const url = await site();
    const options = of({ GIT_SSL_CAINFO: join(folder, "certificate.pem") });
    await installPlugin(`${url}#v1`, options);
    const first = git("rev-parse", "v1").trim();
    expect(await listPlugins(options)).toMatchObject([{ name: "guard", revision: first, enabled: false }]);
    await uninstallPlugin("guard", options);
    await installPlugin(url, options);
    expect(await listPlugins(options)).toMatchObject([{ revision: git("rev-parse", "HEAD").trim() }]);
    await expect(stat(join(folder, "ran"))).rejects.toThrow();
    await expect(
      installPlugin(`${url}#v9`, of({ GIT_SSL_CAINFO: join(folder, "certificate.pem") })),
    ).rejects.toMatchObject({
      fault: { code: "plugin-unreachable" },
    });
  });

  test("a certificate that nobody vouches for is refused, and nothing is left", async () => {
    const url = await site();
    await expect(installPlugin(url, of())).rejects.toMatchObject({
      fault: { code: "plugin-unreachable", message: expect.stringMatching(/certificate/i) },
    });
    expect(await listPlugins(of())).toEqual([]);
  });
});
