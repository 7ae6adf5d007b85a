/// <reference lib="esnext.disposable" preserve="true" />
import { createServer, type Server, type ServerResponse } from "node:http";
import { FaultError, parseUrl } from "@claw/agent-core";
import type { Authorize } from "./server-auth.ts";

/** A place on this computer that a browser can come back to from a login. */
export interface Loopback extends AsyncDisposable {
  readonly redirectUrl: string;
  readonly authorize: Authorize;
}

/** Opens it. `show` is told the address that a person must open; nothing else opens it. */
export async function openLoopback(show: (url: URL) => void, port = 0): Promise<Loopback> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(portTaken(port, cause)));
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw portTaken(port);
  const redirectUrl = `http://127.0.0.1:${address.port}/callback`;
  return {
    redirectUrl,
    authorize: (url, signal) => comeBack(server, url, signal, show),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** For the paths that are asked for. */
const base = "http://127.0.0.1";

/** Waits for the browser that was sent out with this `state`; whoever else comes by is turned away. */
function comeBack(
  server: Server,
  url: URL,
  signal: AbortSignal,
  show: (url: URL) => void,
): Promise<URLSearchParams> {
  return new Promise((resolve, reject) => {
    const state = url.searchParams.get("state");
    const done = (end: () => void): void => {
      server.removeAllListeners("request");
      signal.removeEventListener("abort", stop);
      end();
    };
    const stop = (): void => done(() => reject(refused("The login was given up.")));
    server.on("request", ({ url: path = "/" }, response) => {
      // Anybody on this computer may ask, and for what is no path.
      const came = parseUrl(path, base) ?? new URL(base);
      const { searchParams } = came;
      if (came.pathname !== "/callback" || state === null || searchParams.get("state") !== state) {
        answer(response, 400, "This is not the answer to a login that was asked for.");
        return;
      }
      const error = searchParams.get("error");
      if (error === null) {
        answer(response, 200, "You are logged in. You can close this page.");
        done(() => resolve(searchParams));
        return;
      }
      answer(response, 200, "The login was refused. You can close this page.");
      const why = searchParams.get("error_description") ?? error;
      done(() => reject(refused(`The login was refused: ${why.slice(0, 300)}`)));
    });
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    else show(url);
  });
}

function answer(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" });
  response.end(`${words}\n`);
}

function refused(message: string): FaultError {
  return new FaultError({ code: "mcp-needs-login", message, hint: "Run the login again." });
}

function portTaken(port: number, cause?: unknown): FaultError {
  return new FaultError(
    {
      code: "mcp-needs-login",
      message: `The port ${port} that the browser should come back to cannot be opened.`,
      hint: 'Choose another with "oauth.callbackPort", or leave it out.',
    },
    { cause },
  );
}
