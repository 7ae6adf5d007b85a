import type { BegunCall } from "./begun-call.ts";
import { editedConversation } from "./compaction.ts";
import type { DurableEvent, PermissionDecision, TaskState } from "./event.ts";
import type { ToolCallId } from "./ids.ts";
import type { JsonValue } from "./json.ts";
import { type Message, type ToolCallPart, type ToolMessage, toolCalls } from "./message.ts";
import { failed } from "./outcome.ts";
import type { ToolSpec } from "./ports/model.ts";
import type { PermissionRequest } from "./ports/policy.ts";
import type { RunEnd } from "./run-end.ts";
import { addUsage, type Usage } from "./usage.ts";

/** A session as its durable events tell it. Live: it changes as events are applied. */
export interface SessionState {
  readonly messages: readonly Message[];
  /** Calls of the last reply that have no tool message yet, in call order. */
  readonly openCalls: readonly ToolCallPart[];
  /** Calls, nested ones included, that had begun and not ended when the last event was written. */
  readonly begun: ReadonlyMap<ToolCallId, BegunCall>;
  /** Of all model calls so far. */
  readonly usage: Usage;
  /** How often the conversation was made shorter. */
  readonly compactions: number;
  /** As the provider counted the latest request; `undefined` when none was made since the last compaction. */
  readonly lastUsage: Usage | undefined;
  /** The system prompt that requests were sent with; `undefined` before the first run or when it was empty. */
  readonly system: string | undefined;
  /** Definitions of tools that requests were sent with and that a resume shows again; see `RunOptions.keptTools`. */
  readonly keptTools: readonly ToolSpec[];
  /** Of the latest run; `undefined` while it is open, and when a crash left it open. */
  readonly lastEnd: RunEnd | undefined;
  /** The open calls wait for somebody's answer: the run before this one ended `awaiting-permission`. */
  readonly awaitedPermission: boolean;
  /** The questions that open calls wait for, as they were put, in the order in which they were. */
  readonly pendingPermissions: readonly PermissionRequest[];
  /** Of every call of the conversation so far, and of its sub-agents. */
  readonly callIds: ReadonlySet<ToolCallId>;
  /** What calls of the conversation were judged with, and run with, where hooks rewrote what the model asked for. */
  readonly rewrittenInputs: ReadonlyMap<ToolCallId, JsonValue>;
  /** Rules that answers of this session added for its own length. */
  readonly sessionRules: readonly string[];
  readonly tasks: readonly TaskState[];
  /** Ids of the tasks whose end the conversation has been told, or has seen in a result. */
  readonly toldTasks: ReadonlySet<string>;
  /** 0 before the first event. */
  readonly lastSeq: number;
}

/** The one fold: everything that is known about a session is made by applying its durable events in order. */
export interface SessionFold extends SessionState {
  readonly apply: (event: DurableEvent) => void;
  /**
   * Gives up the conversation, and keeps what is small: usage, tasks, rules, numbers. Events that are no part of the
   * conversation may be applied until `takeUp` brings it back.
   */
  readonly letGo: () => void;
  /** To be called before its journal is read for `takeUp`: what happens from now on, while it is read, will not be missing. */
  readonly prepare: () => void;
  /** Takes the conversation of another fold of the same session. */
  readonly takeUp: (whole: SessionState) => void;
}

export function foldSession(events: Iterable<DurableEvent> = []): SessionFold {
  const fold = createFold();
  for (const event of events) fold.apply(event);
  return fold;
}

function createFold(): SessionFold {
  const messages: Message[] = [];
  const open = new Map<ToolCallId, ToolCallPart>();
  const order = new Map<ToolCallId, number>();
  const begun = new Map<ToolCallId, BegunCall>();
  const callIds = new Set<ToolCallId>();
  const rewrittenInputs = new Map<ToolCallId, JsonValue>();
  const tasks = new Map<string, TaskState>();
  const toldTasks = new Set<string>();
  const sessionRules: string[] = [];
  const pending = new Map<ToolCallId, PermissionRequest>();
  let usage: Usage = {};
  let lastUsage: Usage | undefined;
  let system: string | undefined;
  let keptTools: readonly ToolSpec[] = [];
  let lastEnd: RunEnd | undefined;
  let awaitedPermission = false;
  let compactions = 0;
  let lastSeq = 0;
  let later: DurableEvent[] = [];
  let keepsLater = false;

  function addMessage(message: Message): void {
    if (message.role === "tool") {
      // A result without its call, or a second one, is what damage leaves of a journal. No model takes it.
      if (!open.has(message.call)) return;
      insertInCallOrder(messages, message, order);
      open.delete(message.call);
      pending.delete(message.call);
      forget(message.call);
      return;
    }
    if (message.role !== "assistant") {
      if (message.task !== undefined) toldTasks.add(message.task);
      messages.push(message);
      return;
    }
    for (const { id, name } of open.values())
      addMessage({ role: "tool", call: id, name, outcome: unrecorded });
    messages.push(message);
    usage = addUsage(usage, message.usage);
    lastUsage = message.usage;
    order.clear();
    for (const call of toolCalls(message)) {
      order.set(call.id, order.size);
      open.set(call.id, call);
      callIds.add(call.id);
    }
  }

  function replace(others: readonly Message[]): void {
    messages.length = 0;
    for (const message of others) messages.push(message);
    lastUsage = undefined;
  }

  /** What a call that is over had made is over with it, recorded or not. */
  function forget(call: ToolCallId): void {
    begun.delete(call);
    for (const [inner, { parent }] of begun) if (parent === call) forget(inner);
  }

  /** Of a call at any depth. */
  function applyCall(event: DurableEvent): void {
    const { parent } = event;
    if (event.type === "tool-intent") {
      const { seq: _seq, run: _run, at: _at, parent: _parent, ...intent } = event;
      if (parent !== undefined || open.has(event.call)) {
        begun.set(event.call, { intent, ...(parent === undefined ? {} : { parent }) });
      }
    } else if (event.type === "tool-plan") {
      const known = begun.get(event.call);
      if (known) begun.set(event.call, { ...known, plan: event.plan });
    }
  }

  /** An answer is the session's, whichever of its agents asked. */
  function keepRules({ remember }: PermissionDecision): void {
    if (remember?.scope === "session") sessionRules.push(...remember.rules);
  }

  function applyTop(event: DurableEvent): void {
    switch (event.type) {
      case "run-start":
        awaitedPermission = lastEnd?.reason === "awaiting-permission";
        lastEnd = undefined;
        if (event.system !== undefined) system = event.system === "" ? undefined : event.system;
        if (event.tools !== undefined) keptTools = event.tools;
        return;
      case "message":
        addMessage(event.message);
        return;
      case "tool-intent":
      case "tool-plan":
        applyCall(event);
        return;
      case "permission-pending":
        if (open.has(event.request.call)) pending.set(event.request.call, event.request);
        return;
      case "permission-decision":
        pending.delete(event.call);
        if (event.input === undefined) rewrittenInputs.delete(event.call);
        else rewrittenInputs.set(event.call, event.input);
        keepRules(event);
        return;
      case "compaction": {
        replace(editedConversation(messages, event.edits));
        compactions += 1;
        return;
      }
      case "task":
        tasks.set(event.task.id, event.task);
        if (event.task.told === true) toldTasks.add(event.task.id);
        return;
      case "run-end":
        lastEnd = event;
        return;
      case "side-call":
        usage = addUsage(usage, event.usage);
        return;
      case "rewind":
        replace(editedConversation(messages, event.edits));
        for (const part of [open, order, begun, pending]) part.clear();
        lastEnd = undefined;
        awaitedPermission = false;
        return;
      case "hook":
      case "checkpoint":
        return;
    }
  }

  /** Of what happens inside of a call: it is no part of this conversation. */
  function applyInner(event: DurableEvent): void {
    applyCall(event);
    if (event.type !== "message") return;
    if (event.message.role === "assistant") {
      for (const call of toolCalls(event.message)) callIds.add(call.id);
    }
    if (event.message.role === "tool") forget(event.message.call);
  }

  function letGo(): void {
    later = [];
    keepsLater = false;
    messages.length = 0;
    for (const part of [open, order, begun, pending, callIds, rewrittenInputs]) part.clear();
  }

  function takeUp(whole: SessionState): void {
    const meanwhile = later;
    letGo();
    for (const message of whole.messages) messages.push(message);
    for (const call of whole.openCalls) open.set(call.id, call);
    for (const [id, call] of whole.begun) begun.set(id, call);
    for (const id of whole.callIds) callIds.add(id);
    for (const [id, input] of whole.rewrittenInputs) rewrittenInputs.set(id, input);
    const reply = messages.findLast((message) => message.role === "assistant");
    for (const { id } of reply === undefined ? [] : toolCalls(reply)) order.set(id, order.size);
    for (const event of meanwhile) if (event.seq > whole.lastSeq) applyInner(event);
  }

  return {
    letGo,
    prepare: () => {
      later = [];
      keepsLater = true;
    },
    takeUp,
    messages,
    begun,
    callIds,
    rewrittenInputs,
    sessionRules,
    toldTasks,
    get pendingPermissions() {
      return [...pending.values()];
    },
    get openCalls() {
      return [...open.values()];
    },
    get usage() {
      return usage;
    },
    get compactions() {
      return compactions;
    },
    get lastUsage() {
      return lastUsage;
    },
    get system() {
      return system;
    },
    get keptTools() {
      return keptTools;
    },
    get lastEnd() {
      return lastEnd;
    },
    get tasks() {
      return [...tasks.values()];
    },
    get awaitedPermission() {
      return awaitedPermission;
    },
    get lastSeq() {
      return lastSeq;
    },
    apply(event) {
      lastSeq = event.seq;
      if (event.parent === undefined) {
        applyTop(event);
        return;
      }
      if (keepsLater) later.push(event);
      applyInner(event);
      if (event.type === "side-call") usage = addUsage(usage, event.usage);
      if (event.type === "permission-decision") keepRules(event);
      // What happens inside a call is not part of this conversation, but it is paid for by it.
      if (event.type === "message" && event.message.role === "assistant") {
        usage = addUsage(usage, event.message.usage);
      }
    },
  };
}

/** A reply is only made when all calls before it were answered: one that is still open lost its answer to damage. */
const unrecorded = failed(
  "outcome-unknown",
  "The record of this result is damaged. Whether the call took effect is not known: check before you repeat it.",
);

/**
 * Outcomes are written as they come; the conversation has them right behind their reply, in the order of the calls,
 * also when something was said while they were open.
 */
function insertInCallOrder(
  messages: Message[],
  message: ToolMessage,
  order: ReadonlyMap<ToolCallId, number>,
): void {
  const place = order.get(message.call) ?? order.size;
  let index = messages.length;
  for (; index > 0; index--) {
    const before = messages[index - 1];
    if (before?.role === "assistant") break;
    if (before?.role === "tool" && (order.get(before.call) ?? -1) < place) break;
  }
  messages.splice(index, 0, message);
}
