import { connect, createServer, type Socket } from "node:net";

/** Stands between a client and a TCP server on this machine. */
export interface ChaosProxy extends AsyncDisposable {
  readonly port: number;
  /** Cuts all connections that are open now. */
  readonly drop: () => void;
  /** From now on each piece of an answer is held back up to so long. */
  readonly delay: (ms: number) => void;
  /** From now on connections are refused, or taken again. */
  readonly refuse: (refused: boolean) => void;
}

export async function chaosProxy(target: number, chance: () => number): Promise<ChaosProxy> {
  const open = new Set<Socket>();
  let maxDelay = 0;
  let refused = false;
  const server = createServer((client) => {
    if (refused) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(target, "127.0.0.1");
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => open.delete(socket));
    }
    client.pipe(upstream);
    let turn = Promise.resolve();
    upstream.on("data", (chunk) => {
      turn = turn.then(async () => {
        if (maxDelay > 0) await new Promise((resolve) => setTimeout(resolve, chance() * maxDelay));
        client.write(chunk);
      });
    });
    upstream.on("close", () => void turn.then(() => client.end()));
    client.on("close", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  const drop = (): void => {
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    port: address.port,
    drop,
    delay: (ms) => {
      maxDelay = ms;
    },
    refuse: (value) => {
      refused = value;
    },
    [Symbol.asyncDispose]: async () => {
      drop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
