/// <reference lib="esnext.disposable" preserve="true" />
import type { Content } from "./content.ts";
import type { AgentEvent } from "./event.ts";
import type { Fault } from "./fault.ts";
import type { RunId } from "./ids.ts";
import type { Message } from "./message.ts";
import type { RunEnd } from "./run-end.ts";
import type { Usage } from "./usage.ts";

/**
 * One run, already started. Iterate it for the events (leaving the loop early cancels the run), or just await
 * `result`. Events wait for the first iterator from the start on.
 */
export interface Run extends AsyncIterable<AgentEvent>, AsyncDisposable {
  readonly id: RunId;
  /** Settles exactly once and never rejects. */
  readonly result: Promise<RunResult>;
  /** Events from now on, for an onlooker: leaving early does not cancel. */
  readonly observe: () => AsyncIterable<AgentEvent>;
  /**
   * Adds a message of the human before the next model request; a run that was about to end goes on. `false`: the
   * run has ended and did not take it. Throws a `FaultError` `invalid-prompt` for what is no content.
   */
  readonly steer: (content: string | Content) => boolean;
  /**
   * Counts what something beside the loop has used of a model for this run, such as a server that asked it. `false`:
   * the run may spend no more.
   */
  readonly spend: (usage?: Usage) => boolean;
  /**
   * Tells whoever follows the run of what happens beside it, such as that a server is away, as a `notice`; of trouble, unless
   * `level` says otherwise.
   */
  readonly notice: (fault: Fault, level?: "info" | "warning") => void;
  /** Ends the run soon with `cancelled`: nothing starts any more, and what does not listen is left behind. */
  readonly cancel: (reason?: string) => void;
}

export interface RunResult {
  readonly end: RunEnd;
  /** The text of the answer, also where it took more than one reply; empty when there is none. See `answerText`. */
  readonly text: string;
  /** The whole conversation, as the fold of the journal gives it. */
  readonly messages: readonly Message[];
}
