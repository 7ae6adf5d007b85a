import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

/** The program of one of the official reference servers. */
export function referenceProgram(name: "everything" | "filesystem" | "memory"): string {
  return fileURLToPath(import.meta.resolve(`@modelcontextprotocol/server-${name}/dist/index.js`));
}

export interface HttpServer extends AsyncDisposable {
  readonly port: number;
  /** Ends it and starts it anew on the same port. */
  readonly restart: () => Promise<void>;
}

/** The everything server over HTTP, in a process of its own. */
export async function everythingOverHttp(transport: "sse" | "streamableHttp"): Promise<HttpServer> {
  const port = await freePort();
  let stop = await start(transport, port);
  return {
    port,
    restart: async () => {
      await stop();
      stop = await start(transport, port);
    },
    [Symbol.asyncDispose]: () => stop(),
  };
}

async function start(transport: string, port: number): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, [referenceProgram("everything"), transport], {
    env: { PATH: process.env["PATH"], PORT: `${port}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let said = "";
    const look = (chunk: Buffer): void => {
      said += chunk.toString();
      if (/running on port|listening on port/i.test(said)) resolve();
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.once("exit", () => reject(new Error(`The everything server ended: ${said}`)));
  });
  return async () => {
    child.kill("SIGKILL");
    await exited;
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("There is no free port.");
  return address.port;
}
