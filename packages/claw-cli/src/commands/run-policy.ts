import type { PolicyAction } from "../flags/parse-command-line.ts";
import type { Io } from "../io.ts";

/** `claw policy …`. Resolves with the exit code. */
export async function runPolicy(action: PolicyAction, io: Io): Promise<number> {
  switch (action.type) {
    case "decide": {
      const { runPolicyDecide } = await import("./run-policy-decide.ts");
      return runPolicyDecide(io);
    }
  }
}
