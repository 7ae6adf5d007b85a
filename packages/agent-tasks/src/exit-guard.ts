/**
 * Has `kill` called, synchronously, if our own process exits before the returned function is called. One listener
 * for all, there only while something is guarded: a process that starts nothing is not touched.
 *
 * A signal that ends the process by default skips this, as no code runs then: a host handles SIGINT, SIGTERM and
 * SIGHUP by calling `process.exit`.
 */
export function guardExit(kill: () => void): () => void {
  if (guarded.size === 0) process.on("exit", killGuarded);
  guarded.add(kill);
  return () => {
    if (guarded.delete(kill) && guarded.size === 0) process.off("exit", killGuarded);
  };
}

/** As much a fact of the operating system's process as its exit is, and so held once in it. */
const guarded = new Set<() => void>();

function killGuarded(): void {
  for (const kill of guarded) {
    try {
      kill();
    } catch {
      // The others are killed all the same.
    }
  }
}
