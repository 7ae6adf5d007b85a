import type { SandboxPolicy } from "@claw/agent-core";

/** What is set for a confined command: where its temporary folder is, and that without a network no retry helps. */
export function confinedEnvironment(
  { network }: SandboxPolicy,
  temporary: string | undefined,
): Readonly<Record<string, string>> {
  return {
    ...(temporary === undefined ? {} : { TMPDIR: temporary }),
    ...(network === "off" ? hopeless : {}),
  };
}

/** Else `npm install` takes more than a minute to say that there is no network. */
const hopeless = { npm_config_fetch_retries: "0", PIP_RETRIES: "0", CARGO_NET_RETRY: "0" };
