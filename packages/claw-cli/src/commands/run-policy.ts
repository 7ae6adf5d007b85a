import type { Flags } from "../flags/flags.ts";
import type { PolicyAction } from "../flags/policy-action.ts";
import type { Io } from "../io.ts";

/** `claw policy …`. Resolves with the exit code. */
export async function runPolicy(action: PolicyAction, flags: Flags, io: Io): Promise<number> {
  switch (action.type) {
    case "decide": {
      const { runPolicyDecide } = await import("./run-policy-decide.ts");
      return runPolicyDecide(io);
    }
    case "explain": {
      const { runPolicyExplain } = await import("./run-policy-explain.ts");
      return runPolicyExplain(action.call, flags, io);
    }
    case "test": {
      const { runPolicyTest } = await import("./run-policy-test.ts");
      return runPolicyTest(action.files, flags, io);
    }
    case "diff": {
      const { runPolicyDiff } = await import("./run-policy-diff.ts");
      return runPolicyDiff(action, flags, io);
    }
  }
}
