import { type Fault, FaultError, type Run } from "@claw/agent-core";

/** What a session is busy with: one run at a time, or work that no run may meet. */
export interface ActiveRun {
  readonly current: () => Run | undefined;
  readonly isHeld: () => boolean;
  /**
   * Throws a `FaultError`: `run-active` while there is one, `rewind-active` while the session is held, `agent-closed` once
   * none may begin any more.
   */
  readonly refuseSecond: () => void;
  /** The run is the active one until it ends; then `settled` is called. */
  readonly take: (run: Run, settled: () => void) => void;
  /** Does what no run may meet: none begins until it is done. Rejects as `refuseSecond` throws, and as the work does. */
  readonly hold: <Value>(work: () => Promise<Value>) => Promise<Value>;
  /** None begins from now on. Resolves when the session is not held any more. */
  readonly close: () => Promise<void>;
}

export function createActiveRun(): ActiveRun {
  let active: Run | undefined;
  let held: Promise<unknown> | undefined;
  let isClosed = false;

  function refuseSecond(): void {
    if (isClosed) throw new FaultError(closed);
    if (active !== undefined) throw new FaultError(busy);
    if (held !== undefined) throw new FaultError(rewinding);
  }

  return {
    current: () => active,
    isHeld: () => held !== undefined,
    refuseSecond,
    take: (run, settled) => {
      active = run;
      const done = (): void => {
        active = undefined;
        settled();
      };
      run.result.then(done, done);
    },
    hold: async (work) => {
      refuseSecond();
      const working = work();
      held = working;
      try {
        return await working;
      } finally {
        held = undefined;
      }
    },
    close: async () => {
      isClosed = true;
      await held?.catch(() => undefined);
    },
  };
}

const busy: Fault = {
  code: "run-active",
  message: "This agent already runs; a session has one run at a time.",
  hint: "Await its result, cancel it, or steer it.",
};

const rewinding: Fault = {
  code: "rewind-active",
  message: "This session is being put back to an earlier point; nothing else goes on meanwhile.",
  hint: "Await the rewind.",
};

const closed: Fault = {
  code: "agent-closed",
  message: "This agent is closed: its session was given back.",
  hint: "Go on with createAgent({ resume: agent.session }).",
};
