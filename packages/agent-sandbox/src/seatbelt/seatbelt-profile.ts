import type { SandboxPolicy } from "@claw/agent-core";
import { protectedNames } from "../guard/protected-names.ts";

/**
 * The policy in the language of `sandbox-exec`. Everything is refused that is not allowed, and of two rules on the
 * same thing the later one counts. Names are guarded by pattern, so also where they are absent or nested; a file
 * system that does not tell `A` from `a` is reckoned with. Paths must be resolved: the system judges by what they
 * lead to.
 */
export function seatbeltProfile(policy: SandboxPolicy): string {
  const open = [...policy.workspace, ...policy.writable, ...temporaries(policy)];
  return [
    "(version 1)",
    "(deny default)",
    "(allow process-exec)",
    "(allow process-fork)",
    "(allow process-info* (target same-sandbox))",
    "(allow signal (target same-sandbox))",
    "(allow sysctl-read)",
    "(allow pseudo-tty)",
    "(allow ipc-posix-sem)",
    "(allow file-read*)",
    `(allow mach-lookup ${services.map((name) => `(global-name ${quoted(name)})`).join(" ")})`,
    `(allow file-write* ${devices.map((path) => `(literal ${quoted(path)})`).join(" ")})`,
    "(allow file-ioctl)",
    ...open.map((path) => `(allow file-write* (subpath ${quoted(path)}))`),
    ...policy.workspace.flatMap(guardRules),
    ...policy.readOnly.map((path) => `(deny file-write* (subpath ${quoted(path)}))`),
    ...policy.unreadable.map((path) => `(deny file-read* file-write* (subpath ${quoted(path)}))`),
    ...(policy.readable ?? []).map((path) => `(allow file-read* (subpath ${quoted(path)}))`),
    ...networkRules(policy.network),
    "",
  ].join("\n");
}

/** What programs ask at their start: who the user is, the log, notifications, the network's settings. */
const services: readonly string[] = [
  "com.apple.system.opendirectoryd.libinfo",
  "com.apple.system.opendirectoryd.membership",
  "com.apple.system.logger",
  "com.apple.logd",
  "com.apple.system.notification_center",
  "com.apple.SystemConfiguration.configd",
];

/** To look up names, and certificates. */
const networkServices: readonly string[] = ["com.apple.dnssd.service", "com.apple.trustd.agent"];

const devices: readonly string[] = [
  "/dev/null",
  "/dev/zero",
  "/dev/tty",
  "/dev/stdout",
  "/dev/stderr",
  "/dev/dtracehelper",
];

function temporaries({ temporary }: SandboxPolicy): readonly string[] {
  return temporary === undefined ? [] : [temporary];
}

function guardRules(root: string): readonly string[] {
  const within = `(subpath ${quoted(root)})`;
  const names = [...protectedNames].map(anyCase).join("|");
  const git = anyCase(".git");
  const gitFiles = ["hooks", "config", "config.worktree", "commondir"].map(anyCase).join("|");
  const deny = (what: string, pattern: string): string =>
    `(deny ${what} (require-all ${within} (regex #"${pattern}")))`;
  return [
    deny("file-write*", `/(${names})(/|$)`),
    deny("file-write*", `/${git}/((modules|worktrees)/.+/)?(${gitFiles})(/|$)`),
    // Moved aside, it would take its guarded files along.
    deny("file-write-unlink", `/${git}$`),
  ];
}

/** A pattern for the name in any case, with what has a meaning in patterns made literal. */
function anyCase(name: string): string {
  return [...name]
    .map((each) => {
      const [lower, upper] = [each.toLowerCase(), each.toUpperCase()];
      if (lower !== upper) return `[${lower}${upper}]`;
      return /[\w-]/.test(each) ? each : `[${each}]`;
    })
    .join("");
}

function networkRules(network: SandboxPolicy["network"]): readonly string[] {
  if (network === "off") return [];
  return [
    "(allow network*)",
    "(deny network-outbound (remote unix-socket))",
    `(allow network-outbound (literal ${quoted("/private/var/run/mDNSResponder")}))`,
    `(allow mach-lookup ${networkServices.map((name) => `(global-name ${quoted(name)})`).join(" ")})`,
    "(allow system-socket)",
  ];
}

/** As a string of the profile: a path is data there, whatever is in it. */
function quoted(text: string): string {
  const escaped = text.replace(/["\\]/g, "\\$&").replace(/\p{Cc}/gu, hexadecimal);
  return `"${escaped}"`;
}

function hexadecimal(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
