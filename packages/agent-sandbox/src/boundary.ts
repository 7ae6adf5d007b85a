import type { SandboxPolicy } from "@claw/agent-core";
import { canonical } from "./canonical.ts";
import { isWithin } from "./guard/is-within.ts";

/** The policy with its paths resolved and what does not exist left out, so that no rule fails or lies elsewhere. */
export function boundaryOf(policy: SandboxPolicy): SandboxPolicy {
  const real = (paths: readonly string[]): readonly string[] => [
    ...new Set(paths.map(canonical).filter((path) => path !== undefined)),
  ];
  const workspace = real(policy.workspace);
  const writable = real(policy.writable);
  const open = [...workspace, ...writable];
  return {
    ...policy,
    workspace,
    writable,
    // What is not there is kept from being created.
    readOnly: policy.readOnly.map((path) => canonical(path) ?? path),
    // Hiding a folder that the session works in would hide the session's work.
    unreadable: real(policy.unreadable).filter((path) => !open.some((root) => isWithin(path, root))),
    readable: real(policy.readable ?? []),
  };
}
