import type { SandboxPolicy } from "@claw/agent-core";

/** What util-linux offers where bubblewrap does not work: no network, and processes that end with the command. */
export function unshareArguments(network: SandboxPolicy["network"]): [string, ...string[]] {
  return [
    "unshare",
    "--user",
    "--map-current-user",
    "--pid",
    "--fork",
    "--kill-child",
    ...(network === "off" ? ["--net"] : []),
    "--",
  ];
}
