import { createHash } from "node:crypto";
import { createServer, type Server } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { FaultError } from "@claw/agent-core";

/**
 * Does the work while no other process of this user does any for the same `place`. The kernel holds the lock, a name
 * in the abstract space of sockets, and lets go of it when we die. Work of one process is done in order.
 */
export function exclusively<T>(place: string, work: () => T): Promise<T> {
  const before = queues.get(place) ?? Promise.resolve();
  const turn = before.then(() => locked(place, work));
  const settled = turn.then(
    () => undefined,
    () => undefined,
  );
  queues.set(place, settled);
  settled.then(() => {
    if (queues.get(place) === settled) queues.delete(place);
  });
  return turn;
}

/** The order of this process, which has one lock for all of its sandboxes. */
const queues = new Map<string, Promise<void>>();

const patienceMs = 10_000;

async function locked<T>(place: string, work: () => T): Promise<T> {
  const digest = createHash("sha256").update(place).digest("hex").slice(0, 32);
  const name = `\0claw-sandbox-${process.getuid?.() ?? 0}-${digest}`;
  const deadline = performance.now() + patienceMs;
  for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
    const server = await listen(name);
    if (server !== undefined) {
      try {
        return work();
      } finally {
        await new Promise((resolve) => server.close(resolve));
      }
    }
    if (performance.now() > deadline) throw new FaultError(stuck);
    await delay(pause);
  }
}

const stuck = {
  code: "sandbox",
  message: "The sandbox could not be set up: another process holds its lock.",
  hint: "Try again; end the other process if it hangs.",
};

/** `undefined` while somebody else has the name. */
function listen(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(name, () => resolve(server));
  });
}
