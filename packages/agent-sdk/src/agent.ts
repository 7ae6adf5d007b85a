import type {
  Content,
  Fault,
  Limits,
  Message,
  ModelRef,
  Run,
  SessionId,
  ToolSpec,
  Usage,
} from "@claw/agent-core";
import type { EffectiveMode } from "@claw/agent-permissions";

/** One session: a conversation with its tools, its permissions and its journal. Runs follow one another. */
export interface Agent extends AsyncDisposable {
  readonly session: SessionId;
  readonly model: ModelRef;
  readonly tools: readonly ToolSpec[];
  readonly cwd: string;
  /** The conversation so far. */
  readonly messages: readonly Message[];
  /** Of all runs of this session, resumed ones included. */
  readonly usage: Usage;
  readonly permissionMode: EffectiveMode;
  /** The last run waits for a permission, or a crash cut it off before it was answered: `resume` goes on with it. */
  readonly unfinished: boolean;
  /** What was noticed while it was put together: unreadable settings, damaged records, ignored rules. */
  readonly warnings: readonly Fault[];
  /** Starts a run. Throws a `FaultError` `run-active` while another one is active. */
  readonly run: (prompt: string | Content, options?: RunOptions) => Run;
  /** Goes on with an `unfinished` run, without a new prompt. */
  readonly resume: (options?: RunOptions) => Run;
  readonly setModel: (model: string) => Promise<ModelRef>;
  readonly setPermissionMode: (mode: EffectiveMode) => void;
  /** Cancels what runs and gives the session back. */
  readonly close: () => Promise<void>;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** For this run, in place of the agent's. */
  readonly limits?: Limits;
}
