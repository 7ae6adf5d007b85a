import type { Spill, Spilled, SpillStore, ToolCallId } from "@claw/agent-core";

/** A spill file that cannot fail or hang whoever writes to it. */
export interface GuardedSpill {
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** `undefined` when nothing is known to be kept. */
  readonly close: () => Promise<Spilled | undefined>;
}

/** Opens a file of the store at once; whatever the store does wrong counts as "nothing was kept". */
export function guardedSpill(store: SpillStore, call: ToolCallId, label: string): GuardedSpill {
  let file = guard(() => store.open(call, label));
  return {
    write: async (bytes) => {
      const open = await file;
      if (open === undefined) return;
      const written = await guard(() => open.write(bytes).then(() => true));
      if (written !== true) file = Promise.resolve(undefined);
    },
    close: async () => {
      const open: Spill | undefined = await file;
      return open === undefined ? undefined : guard(() => open.close());
    },
  };
}

/** Longer than any disk needs for one write. */
const patienceMs = 30_000;

async function guard<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const impatient = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs);
  });
  try {
    return await Promise.race([work(), impatient]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
