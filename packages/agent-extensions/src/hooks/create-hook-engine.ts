import type { AgentIdentity, HookEvent, PermissionRequest, Remember, SideCall } from "@claw/agent-core";
import { toolNames } from "@claw/agent-permissions";
import type { Hook } from "./hook.ts";
import type { HookAnswer } from "./hook-answer.ts";
import type { HookEventName } from "./hook-events.ts";
import type { HookFields, HookInput, HookInputBase } from "./hook-input.ts";
import type { HookPorts } from "./hook-ports.ts";
import { type Decided, type HookVerdict, verdictOf } from "./hook-verdict.ts";
import { runHook } from "./run-hook.ts";

/** Calls the hooks of a session. */
export interface HookEngine {
  readonly has: (event: HookEventName) => boolean;
  /** Calls all that are for this, at once. Never rejects. */
  readonly call: <Event extends HookEventName>(
    occasion: Occasion<Event>,
    witness: HookWitness,
    signal: AbortSignal,
  ) => Promise<HeardHooks>;
  /** Ends those that nobody waits for. */
  readonly close: () => void;
}

/** Something that hooks are called for. */
export interface Occasion<Event extends HookEventName = HookEventName> {
  readonly event: Event;
  readonly fields: HookFields[Event];
  /** What matchers look at; absent: they are not looked at. */
  readonly subject?: string;
  /** The call that it is about: what `if` looks at. */
  readonly request?: PermissionRequest;
  readonly agent?: AgentIdentity;
  /** Of the run. Absent: of the session itself, between its runs. */
  readonly agents?: readonly AgentIdentity[];
}

/** Who is told. */
export interface HookWitness {
  readonly tell: (event: Omit<HookEvent, "type">) => void;
  /** Takes what a hook that nobody waited for has for the model. */
  readonly say: (words: string) => void;
  /** Asks a model that a run pays for; absent between two runs. */
  readonly ask?: SideCall;
}

/** What all of them together come to. */
export interface HeardHooks {
  /** The strictest: deny over defer over ask over allow. */
  readonly decision?: Decided;
  /** Of the last one that has one, in the order of their sources. */
  readonly input?: HookVerdict["input"];
  readonly output?: HookVerdict["output"];
  /** Of all that have some. */
  readonly remember?: Remember;
  readonly blocked?: string;
  readonly stop?: string;
  /** For the model, one text for each hook that has one. */
  readonly context: readonly string[];
}

/** Characters of a text that a model gets; the rest is kept in a file. */
const maxText = 10_000;

/** Commands that nobody waits for at the same time; further ones are not started, and that is told. */
const maxBackground = 16;

export function createHookEngine(hooks: readonly Hook[], ports: HookPorts): HookEngine {
  const byEvent = new Map<HookEventName, Hook[]>();
  for (const hook of hooks) byEvent.set(hook.event, [...(byEvent.get(hook.event) ?? []), hook]);
  const answered = new Set<Hook>();
  const background = new AbortController();
  let inBackground = 0;

  async function called(hook: Hook, occasion: Occasion, signal: AbortSignal): Promise<boolean> {
    if (hook.once === true && answered.has(hook)) return false;
    if (hook.isFor?.(occasion.agents ?? []) === false) return false;
    const { subject } = occasion;
    // A guard that knows its tool under the name of before is still one.
    if (subject !== undefined && !toolNames(subject).some(hook.matches)) return false;
    if (hook.if === undefined) return true;
    // A condition that cannot be looked at does not keep a guard from its call.
    if (occasion.request === undefined) return true;
    return ports.isAbout(hook.if, occasion.request, signal).catch(() => true);
  }

  async function hear(
    hook: Hook,
    occasion: Occasion,
    witness: HookWitness,
    signal: AbortSignal,
  ): Promise<HookVerdict> {
    const begun = ports.now();
    const answer = await runHook(hook, inputOf(occasion), { ...ports, ask: witness.ask }, signal);
    if (answer.type === "said" || answer.type === "refused") answered.add(hook);
    const verdict = await bounded(hook, verdictOf(hook, answer));
    witness.tell(recordOf(hook, answer, verdict, Math.max(0, Math.round(ports.now() - begun)), occasion));
    return verdict;
  }

  function hearLater(hook: Hook, occasion: Occasion, witness: HookWitness): void {
    if (inBackground >= maxBackground) {
      const why = `${maxBackground} hooks that nobody waits for run already`;
      witness.tell(recordOf(hook, { type: "failed", why }, {}, 0, occasion));
      return;
    }
    inBackground += 1;
    void hear(hook, occasion, witness, background.signal).then(({ context }) => {
      inBackground -= 1;
      // At the end of a run nothing may be said: it would go on for it.
      if (context !== undefined && !isEnd(occasion.event)) witness.say(context);
    });
  }

  async function bounded(hook: Hook, verdict: HookVerdict): Promise<HookVerdict> {
    const cut = async (text: string): Promise<string> => {
      if (text.length <= maxText) return text;
      const file = await ports.keep(`hook-${hook.event}`, text).catch(() => undefined);
      const rest = file === undefined ? "The rest was not kept." : `The whole text is in ${file}.`;
      return `${text.slice(0, maxText)}\n[${text.length - maxText} characters more. ${rest}]`;
    };
    const { context, output, blocked, decision, stop, message } = verdict;
    return {
      ...verdict,
      ...(context === undefined ? {} : { context: await cut(context) }),
      ...(output === undefined ? {} : { output: await cut(output) }),
      ...(blocked === undefined ? {} : { blocked: await cut(blocked) }),
      ...(stop === undefined ? {} : { stop: await cut(stop) }),
      ...(message === undefined ? {} : { message: message.slice(0, maxText) }),
      ...(decision === undefined ? {} : { decision: { ...decision, reason: await cut(decision.reason) } }),
    };
  }

  function inputOf(occasion: Occasion): HookInput {
    const { agent } = occasion;
    const base: HookInputBase = {
      session_id: ports.session,
      ...(ports.transcript === undefined ? {} : { transcript_path: ports.transcript }),
      cwd: ports.cwd,
      permission_mode: ports.permissionMode(),
      ...(agent === undefined ? {} : { agent_id: agent.id, agent_type: agent.name }),
    };
    // The fields are those of the event: `Occasion` says so.
    return { ...base, hook_event_name: occasion.event, ...occasion.fields } as HookInput;
  }

  return {
    has: (event) => byEvent.has(event),
    async call(occasion, witness, signal) {
      const all = byEvent.get(occasion.event) ?? [];
      const due = await Promise.all(all.map((hook) => called(hook, occasion, signal)));
      const chosen = unlike(all.filter((_, index) => due[index] === true));
      const isLater = ({ handler }: Hook): boolean => handler.type === "command" && handler.async === true;
      for (const hook of chosen.filter(isLater)) hearLater(hook, occasion, witness);
      const awaited = chosen.filter((hook) => !isLater(hook));
      return together(await Promise.all(awaited.map((hook) => hear(hook, occasion, witness, signal))));
    },
    close: () => background.abort("The session was closed."),
  };
}

function isEnd(event: HookEventName): boolean {
  return event === "Stop" || event === "SubagentStop" || event === "SessionEnd";
}

/** The same command from two files runs once, for the first that names it. */
function unlike(hooks: readonly Hook[]): readonly Hook[] {
  const seen = new Set<string>();
  return hooks.filter(({ handler, onError, timeoutMs }) => {
    if (handler.type === "function") return true;
    const key = JSON.stringify([handler, onError, timeoutMs]);
    return !seen.has(key) && seen.add(key);
  });
}

function together(verdicts: readonly HookVerdict[]): HeardHooks {
  let heard: HeardHooks = { context: verdicts.flatMap(({ context }) => context ?? []) };
  const rewriter = verdicts.findLast(({ input }) => input !== undefined);
  for (const verdict of verdicts) {
    const { input, output, remember, blocked, stop } = verdict;
    const { decision: before } = heard;
    // Who allows the call as it was has not seen what another hook made of it.
    const sawOther = rewriter !== undefined && verdict !== rewriter && verdict.decision?.type === "allow";
    const decision = sawOther ? undefined : verdict.decision;
    const isStricter =
      decision !== undefined && (before === undefined || strictness[decision.type] > strictness[before.type]);
    heard = {
      ...heard,
      ...(isStricter ? { decision } : {}),
      ...(input === undefined ? {} : { input }),
      ...(output === undefined ? {} : { output }),
      ...(remember === undefined ? {} : { remember: both(heard.remember, remember) }),
      ...(blocked === undefined || heard.blocked !== undefined ? {} : { blocked }),
      ...(stop === undefined || heard.stop !== undefined ? {} : { stop }),
    };
  }
  return heard;
}

/** Kept only as long as each of them would have it. */
function both(one: Remember | undefined, other: Remember): Remember {
  if (one === undefined) return other;
  const scope = one.scope === "always" ? other.scope : "session";
  return { rules: [...one.rules, ...other.rules], scope };
}

const strictness: Readonly<Record<Decided["type"], number>> = { allow: 0, ask: 1, defer: 2, deny: 3 };

function recordOf(
  { event, name, source }: Hook,
  answer: HookAnswer,
  { blocked, decision, instead, message, stop }: HookVerdict,
  durationMs: number,
  { request }: Occasion,
): Omit<HookEvent, "type"> {
  const refuses = blocked ?? stop ?? (decision?.type === "deny" ? decision.reason : undefined);
  const reason = "why" in answer ? answer.why : (refuses ?? decision?.reason);
  const outcome =
    answer.type === "said" || answer.type === "refused"
      ? refuses === undefined
        ? "ok"
        : "blocked"
      : answer.type;
  return {
    event,
    name,
    source,
    outcome,
    durationMs,
    ...(instead === undefined ? {} : { instead }),
    ...(reason === undefined ? {} : { reason: reason.slice(0, 2_000) }),
    ...(message === undefined ? {} : { message }),
    ...(request === undefined ? {} : { call: request.call }),
  };
}
