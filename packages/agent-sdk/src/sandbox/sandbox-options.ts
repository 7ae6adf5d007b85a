import type { Sandbox } from "@claw/agent-core";

/** How commands are confined. All of it is optional; the names are those of the settings. */
export interface SandboxOptions {
  /** Default: false. */
  readonly enabled?: boolean;
  /** Commands that cannot be confined are refused, in place of being asked about. Default: false. */
  readonly required?: boolean;
  /**
   * Commands that run confined need no question unless a rule asks for one. Default: true while the network is off;
   * with it on, what a command can read it can also send away.
   */
  readonly autoAllow?: boolean;
  /** The model may ask for a command to be run outside; the person is asked then. Default: true. */
  readonly allowUnsandboxedCommands?: boolean;
  /** Commands that run outside, and are judged as without a sandbox: `docker` or `docker build *`. */
  readonly excludedCommands?: readonly string[];
  readonly filesystem?: SandboxFilesystem;
  readonly network?: SandboxNetwork;
  /** `platform` (default): bubblewrap or seatbelt. Or any implementation of the port. */
  readonly backend?: "platform" | "sandbox-runtime" | Sandbox;
}

/** Paths: absolute, or with `~/`, or relative to the working directory. */
export interface SandboxFilesystem {
  /** Folders and files that may be written besides the workspace. */
  readonly allowWrite?: readonly string[];
  readonly denyWrite?: readonly string[];
  /** Besides keys and credentials, which cannot be read in any case. */
  readonly denyRead?: readonly string[];
  /** What can be read inside of something that cannot. */
  readonly allowRead?: readonly string[];
}

export interface SandboxNetwork {
  /** Default: false. */
  readonly enabled?: boolean;
  /** Hosts that can be reached while it is not. Only `sandbox-runtime` tells hosts apart. */
  readonly allowedDomains?: readonly string[];
}
