import { type Fault, FaultError, type Run } from "@claw/agent-core";

/** The run of a session: one at a time. */
export interface ActiveRun {
  readonly current: () => Run | undefined;
  /** Throws a `FaultError`: `run-active` while there is one, `agent-closed` once none may begin any more. */
  readonly refuseSecond: () => void;
  /** The run is the active one until it ends; then `settled` is called. */
  readonly take: (run: Run, settled: () => void) => void;
  /** None begins from now on. */
  readonly close: () => void;
}

export function createActiveRun(): ActiveRun {
  let active: Run | undefined;
  let isClosed = false;
  return {
    current: () => active,
    refuseSecond: () => {
      if (isClosed) throw new FaultError(closed);
      if (active !== undefined) throw new FaultError(busy);
    },
    take: (run, settled) => {
      active = run;
      const done = (): void => {
        active = undefined;
        settled();
      };
      run.result.then(done, done);
    },
    close: () => {
      isClosed = true;
    },
  };
}

const busy: Fault = {
  code: "run-active",
  message: "This agent already runs; a session has one run at a time.",
  hint: "Await its result, cancel it, or steer it.",
};

const closed: Fault = {
  code: "agent-closed",
  message: "This agent is closed: its session was given back.",
  hint: "Go on with createAgent({ resume: agent.session }).",
};
