/**
 * Holds a command to a boundary that the operating system enforces. The boundary is the host's: it is fixed when a
 * session starts, and no model has a say in it.
 */
export interface Sandbox {
  /**
   * Whether commands can be confined here. Found out by confining one with everything that `wrap` uses, once; later
   * calls give the same answer. Never rejects.
   */
  readonly probe: () => Promise<SandboxState>;
  /**
   * The command line that runs `argv` inside of the boundary, in the folder it is started in, with its exit code,
   * output and environment passed through. Rejects with a `FaultError` `sandbox` where that cannot be had: there is
   * no answer that runs it outside.
   */
  readonly wrap: (argv: readonly [string, ...string[]], policy: SandboxPolicy) => Promise<ConfinedCommand>;
  /**
   * What a person or a model should know when the sandbox is why a command failed: one sentence, with what to do.
   * `undefined` where the output does not point to it.
   */
  readonly explain: (output: string) => string | undefined;
}

export type SandboxState =
  /** Files, network and processes are held. */
  | { readonly state: "full" }
  /** Files are not: no reason to allow anything. */
  | { readonly state: "network-only"; readonly reason: string; readonly fix: string }
  | { readonly state: "unavailable"; readonly reason: string; readonly fix: string }
  /** Nobody asked for one. */
  | { readonly state: "disabled"; readonly reason: string };

/** What a command may do. Paths are absolute. */
export interface SandboxPolicy {
  /**
   * The folders of the session. May be written, but for the names in them that decide what runs later (`.git/hooks`,
   * `.mcp.json`, shell start files, …): these can be neither changed nor created.
   */
  readonly workspace: readonly string[];
  /** Other folders and files that may be written. One that does not exist counts for nothing. */
  readonly writable: readonly string[];
  /** What stays as it is, wherever it lies. */
  readonly readOnly: readonly string[];
  /** What cannot be read, wherever it lies. */
  readonly unreadable: readonly string[];
  /** What can be read although it lies in something that cannot. */
  readonly readable?: readonly string[];
  readonly network: "off" | "on";
  /** Hosts that can be reached although the network is off, where the sandbox can tell them apart; else none. */
  readonly domains?: readonly string[];
  /** A folder that stands for the temporary one and is kept between commands. Left out: an empty one for each. */
  readonly temporary?: string;
}

export interface ConfinedCommand {
  readonly argv: readonly [string, ...string[]];
  /** Set over the environment of the command. */
  readonly environment: Readonly<Record<string, string>>;
  /** What it reads from descriptor 3, 4, … on, each to its end. */
  readonly inputs: readonly Uint8Array[];
  /**
   * To be called once when the command has ended, or could not be started: removes what was put in place for it.
   * @returns what the command left behind that nobody should follow or run unseen, one sentence each. Never rejects.
   */
  readonly release: () => Promise<readonly string[]>;
}
