import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SandboxState, thrownText } from "@claw/agent-core";
import { boundaryOf } from "../boundary.ts";
import { runProbe } from "../run-probe.ts";
import { bubblewrapArguments } from "./bubblewrap-arguments.ts";
import { limitArguments } from "./limit-arguments.ts";
import { unshareArguments } from "./unshare-arguments.ts";

/** Runs a command with everything that a real one is run with, and has it see for itself that the boundary holds. */
export async function probeBubblewrap(
  program: string | undefined,
  filter: Uint8Array | undefined,
): Promise<SandboxState> {
  const failure = await fullProbe(program, filter);
  if (failure === undefined) return { state: "full" };
  const { code } = await runProbe([...unshareArguments("off"), "true"]);
  if (code !== 0) return { state: "unavailable", ...failure };
  const reason = `Files cannot be held: ${failure.reason}`;
  return { state: "network-only", reason, fix: failure.fix };
}

interface Failure {
  readonly reason: string;
  readonly fix: string;
}

async function fullProbe(
  program: string | undefined,
  filter: Uint8Array | undefined,
): Promise<Failure | undefined> {
  if (program === undefined) return notInstalled;
  if (filter === undefined) {
    return { reason: `There is no system call filter for ${process.arch}.`, fix: "Use x64 or arm64." };
  }
  const folder = probeFolder();
  if (typeof folder !== "string") return folder;
  try {
    const boundary = boundaryOf({
      workspace: [folder],
      writable: [],
      readOnly: [],
      unreadable: [],
      network: "off",
    });
    const flags = bubblewrapArguments(boundary, { pinned: [], readOnly: [] }, []);
    const { code, stderr } = await runProbe(
      [program, ...flags, ...limitArguments(), "sh", "-c", selfTest, "sh", boundary.workspace[0] ?? ""],
      filter,
    );
    return code === 0 ? undefined : failureOf(code, stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function probeFolder(): string | Failure {
  try {
    return mkdtempSync(join(tmpdir(), "claw-probe-"));
  } catch (error) {
    return {
      reason: `The temporary folder cannot be written: ${thrownText(error)}`,
      fix: "Make room there and make it writable, or set TMPDIR to another folder.",
    };
  }
}

/** Writes where it may, fails to where it may not, and sees no process but its own. */
const selfTest = [
  ': > "$1/inside"',
  "! { (: > /claw-probe) 2> /dev/null && rm -f /claw-probe; }",
  '[ "$$" -lt 10 ]',
].join(" && ");

const notInstalled: Failure = {
  reason: "bubblewrap is not installed.",
  fix: "Install it: apt install bubblewrap, dnf install bubblewrap, or pacman -S bubblewrap.",
};

function failureOf(code: number | undefined, stderr: string): Failure {
  const said = stderr.trim().split("\n").at(-1) ?? "";
  const known = knownFailures.find(({ sign }) => sign.test(stderr));
  if (known !== undefined) return { reason: `${known.reason} (${said})`, fix: known.fix };
  return said === ""
    ? { reason: `A command in it did not see its boundary (${code ?? "no"} exit code).`, fix: checkByHand }
    : { reason: said, fix: checkByHand };
}

const checkByHand = "See what `bwrap --unshare-user --unshare-net --ro-bind / / true` says.";

const knownFailures: readonly (Failure & { readonly sign: RegExp })[] = [
  {
    sign: /mount proc|\/newroot\/proc/i,
    reason: "This container hides parts of /proc, so that no new one can be mounted.",
    fix: "Run the container with --security-opt systempaths=unconfined, or take the container itself as the boundary.",
  },
  {
    sign: /uid map|RTM_NEWADDR|loopback/i,
    reason: "The system refuses what a user namespace is for; Ubuntu 24.04 does so by AppArmor.",
    fix: "Give bwrap an AppArmor profile that allows `userns`, or set kernel.apparmor_restrict_unprivileged_userns=0.",
  },
  {
    sign: /namespace|clone|unshare|ENOSPC|No space left/i,
    reason: "User namespaces are switched off here.",
    fix: "Set user.max_user_namespaces above 0 and kernel.unprivileged_userns_clone=1; in a container allow unshare.",
  },
  {
    sign: /unknown option/i,
    reason: "This bubblewrap is too old.",
    fix: "Install bubblewrap 0.5 or newer.",
  },
];
