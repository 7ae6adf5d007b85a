/// <reference lib="esnext.disposable" preserve="true" />
import type {
  Content,
  Fault,
  JsonValue,
  Limits,
  Message,
  ModelRef,
  PermissionRequest,
  Redact,
  Run,
  SandboxState,
  SessionId,
  ToolCallId,
  ToolSpec,
  Usage,
} from "@claw/agent-core";
import type { WorkspaceTrust } from "@claw/agent-extensions";
import type { Mcp } from "@claw/agent-mcp";
import type { EffectiveMode } from "@claw/agent-permissions";
import type { TaskRuntime } from "@claw/agent-tasks";
import type { ContextUse, MeterOptions } from "./context-meter.ts";
import type { AgentCommand } from "./extensions/agent-command.ts";
import type { RewindOptions, RewindPoint, RewindReport } from "./rewind/rewind.ts";

/** One session: a conversation with its tools, its permissions and its journal. Runs follow one another. */
export interface Agent extends AsyncDisposable {
  readonly session: SessionId;
  readonly model: ModelRef;
  readonly tools: readonly ToolSpec[];
  readonly cwd: string;
  /** The agents that the model can start, in the order in which it is told of them. */
  readonly agents: readonly AgentListing[];
  /** Whether what the workspace brings may act. */
  readonly workspaceTrust: WorkspaceTrust;
  /** The conversation so far. Throws a `FaultError` `session-asleep` while the agent sleeps. */
  readonly messages: readonly Message[];
  /**
   * What calls of the conversation ran with, or were refused with, where hooks rewrote what their messages say. Empty while
   * the agent sleeps.
   */
  readonly rewrittenInputs: ReadonlyMap<ToolCallId, JsonValue>;
  /** Of all runs of this session, resumed ones included. */
  readonly usage: Usage;
  readonly permissionMode: EffectiveMode;
  /** How commands are confined here; found out by confining one. */
  readonly sandbox: SandboxState;
  /** The last run waits for a permission, or a crash cut it off before it was answered: `resume` goes on with it. */
  readonly unfinished: boolean;
  /** Commands, sub-agents and watches that go on beside the conversation. They end with `close`. */
  readonly tasks: AgentTasks;
  /** The end of a task waits to be told and no run is active: `resume` tells the model, and so does the next `run`. */
  readonly hasNews: boolean;
  /** Calls the listener, some time after, when `hasNews` became true. @returns forgets it. */
  readonly onNews: (listener: () => void) => () => void;
  /** Its MCP servers. Absent when none is configured. */
  readonly mcp?: Mcp;
  /** A prompt, with the resources of MCP servers that it mentions as `@server:uri`. Give what comes back to `run`. */
  readonly expand: (prompt: string, signal?: AbortSignal) => Promise<string | Content>;
  /** The questions that the session waits for: `answerQuestions` answers them in the process that resumes it. */
  readonly pendingPermissions: readonly PermissionRequest[];
  /** What people can call by name, as it was found last. */
  readonly commands: readonly AgentCommand[];
  /** Looks again, since files come and go, and waits for servers that are still starting. */
  readonly findCommand: (name: string) => Promise<AgentCommand | undefined>;
  /**
   * Starts a run with a command of these: what the person typed, and the text of the command behind it. Throws a `FaultError`
   * `unknown-command`, `command-usage`, or what `run` throws.
   */
  readonly runCommand: (name: string, args?: string, options?: RunOptions) => Run;
  /**
   * What was noticed while it was put together, and since: unreadable settings, damaged records, ignored rules, a session that
   * is not saved any more (`journal-unwritable`).
   */
  readonly warnings: readonly Fault[];
  /**
   * Starts a run. Throws a `FaultError` `run-active` while another one is active, `rewind-active` while the session is put back,
   * `agent-closed` after `close`, and for a signal or options that are none `invalid-signal`, `invalid-option`. A prompt that is none
   * fails the run with `invalid-prompt`.
   */
  readonly run: (prompt: string | Content, options?: RunOptions) => Run;
  /**
   * Goes on with an `unfinished` run, with one that a limit or a cancel ended, or with the news of tasks, without a new prompt.
   * With nothing to go on with the run fails with `nothing-to-answer`. Throws as `run` does.
   */
  readonly resume: (options?: RunOptions) => Run;
  /**
   * Makes the conversation shorter now. `instructions`: what the summary should keep above all. A run like any other,
   * which asks the model for nothing else.
   */
  readonly compact: (instructions?: string, options?: RunOptions) => Run;
  /** Takes the secrets of this session out of a text: for what a host keeps or logs by itself. */
  readonly redact: Redact;
  /** From the next request on: a model of the same provider, or of another one as `provider:model`. */
  readonly setModel: (model: string) => Promise<ModelRef>;
  /** How full the model's context is. Asks the server about its window where that is not known, once. */
  readonly context: (options?: MeterOptions) => Promise<ContextUse>;
  /** Throws a `FaultError` `mode-disabled` where settings switched the mode off. */
  readonly setPermissionMode: (mode: EffectiveMode) => void;
  /** What the session can be put back to, oldest first. */
  readonly rewindPoints: () => Promise<readonly RewindPoint[]>;
  /**
   * Puts files and conversation back to a point. Only files that the session itself changed through file tools are
   * touched, and only where they are what it left; what commands changed is not known. Takes nothing away: a rewind is taken back by a
   * rewind. Nothing else begins meanwhile, and `close` waits for it. Rejects with a `FaultError` `rewind-unknown-point`,
   * `rewind-unsaved`, or what `run` throws.
   */
  readonly rewind: (options: RewindOptions) => Promise<RewindReport>;
  /** The conversation is not in memory: `run`, `resume`, `compact` and `context` bring it back by themselves. */
  readonly asleep: boolean;
  /**
   * Gives up the conversation of an idle agent until the next run, which sends what it would have sent. Tasks go on, and
   * the session stays this agent's. `false`: a run goes on or is unfinished, or the journal does not have everything.
   */
  readonly hibernate: () => boolean;
  /** Brings the conversation back. Rejects when the journal cannot give it. */
  readonly wake: () => Promise<void>;
  /** Cancels what runs, stops all background tasks and gives the session back. */
  readonly close: () => Promise<void>;
}

/** An agent that can be started, and where it is defined. */
export interface AgentListing {
  readonly name: string;
  readonly description: string;
  /** `built in`, `given`, or the file. */
  readonly from: string;
}

/** What a host may do with background tasks. */
export type AgentTasks = Pick<TaskRuntime, "list" | "get" | "output" | "wait" | "stop" | "onChange">;

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** For this run, in place of the agent's. */
  readonly limits?: Limits;
}
