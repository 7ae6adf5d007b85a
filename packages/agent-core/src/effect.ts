/**
 * What a call will do to the world, declared by its tool before it runs. Policies decide on effects, never on
 * names. A call without effects touches nothing outside the session.
 */
export type Effect =
  | ({ readonly type: "read" } & PathUse)
  | ({ readonly type: "write" } & PathUse)
  /** A command line for bash, not yet understood. */
  | ({ readonly type: "shell"; readonly command: string } & CommandPlace)
  /** A program run directly, without a shell. */
  | ({ readonly type: "exec"; readonly argv: readonly string[] } & CommandPlace)
  | { readonly type: "net"; readonly url: string; readonly method: string }
  | { readonly type: "mcp"; readonly server: string; readonly tool: string; readonly readOnly: boolean }
  /** The tool cannot say what it will do: always asked about. */
  | { readonly type: "unknown"; readonly detail: string };

export interface PathUse {
  /** Absolute. */
  readonly path: string;
  /**
   * Where the path led, every link followed, when the call was made ready: this is judged together with the name, and
   * nothing else is opened. Absent where that was not found out; a policy then asks, and a tool follows links.
   */
  readonly target?: string;
}

/** Where a command runs. */
export interface CommandPlace {
  /** Absolute. */
  readonly cwd: string;
  /**
   * Whether it runs in the machine's sandbox, as far as that holds it. Said by the tool that will run it so; absent
   * where there is no sandbox.
   */
  readonly confined?: boolean;
}

/** What a repeat of the call would do; decides what a crashed run may do again. */
export type EffectClass = "pure" | "idempotent" | "reversible" | "unknown";
