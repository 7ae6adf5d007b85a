import { type Fault, FaultError, type Run } from "@claw/agent-core";

/** The run of a session: one at a time. */
export interface ActiveRun {
  readonly current: () => Run | undefined;
  /** Throws a `FaultError` `run-active` while there is one. */
  readonly refuseSecond: () => void;
  /** The run is the active one until it ends; then `settled` is called. */
  readonly take: (run: Run, settled: () => void) => void;
}

export function createActiveRun(): ActiveRun {
  let active: Run | undefined;
  return {
    current: () => active,
    refuseSecond: () => {
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
  };
}

const busy: Fault = {
  code: "run-active",
  message: "This agent already runs; a session has one run at a time.",
  hint: "Await its result, cancel it, or steer it.",
};
