import {
  type Agent,
  type AgentOptions,
  listSessions,
  type SessionId,
  toFault,
  type Usage,
} from "@claw/agent-sdk";
import { closeAgent } from "../close-agent.ts";
import { messageLines } from "../commands/message-lines.ts";
import { sessionRows } from "../commands/session-rows.ts";
import type { Flags } from "../flags/flags.ts";
import type { Io } from "../io.ts";
import { openAgent } from "../open-agent.ts";
import { createAskPermission } from "../people/ask-permission.ts";
import { createAskQuestion } from "../people/ask-question.ts";
import { rulesPlace } from "../people/rules-place.ts";
import type { Console } from "../terminal/console.ts";
import type { History } from "../terminal/history.ts";
import { type Line, span } from "../terminal/line.ts";
import { printableLine } from "../terminal/printable.ts";
import { wrap } from "../terminal/wrap.ts";
import { untoldWarnings } from "../untold-warnings.ts";
import { version } from "../version.ts";
import type { Conversation } from "./conversation.ts";
import { createNotes } from "./notes.ts";
import { createPromptPane } from "./prompt-pane.ts";
import { completeSlashCommand, runSlashCommand } from "./slash-commands.ts";
import { createTaskNews } from "./task-news.ts";
import { createTurns, type Turns } from "./turns.ts";

export interface ConverseOptions {
  readonly flags: Flags;
  readonly io: Io;
  readonly terminal: Console;
  readonly history: History;
  readonly options: AgentOptions;
}

/** How a conversation was left. */
export interface Farewell {
  readonly exitCode: number;
  /** Absent when nothing was said: there is nothing to go on with. */
  readonly session?: SessionId;
  readonly usage: Usage;
}

/** Talks until the person leaves. Rejects when the agent cannot be put together. */
export async function converse({
  flags,
  io,
  terminal,
  history,
  options,
}: ConverseOptions): Promise<Farewell> {
  const { createHighlight } = await import("../terminal/markdown/highlight.ts");
  const highlight = createHighlight();
  const notes = createNotes(terminal);
  const turns = createTurns({ terminal, notes, verbose: flags.verbose, highlight });
  const onInterrupt = (): void => turns.stop();
  const people = {
    ask: createAskPermission({ terminal: () => terminal, rulesFile: rulesPlace(options), onInterrupt }),
    question: createAskQuestion({ terminal: () => terminal, onInterrupt }),
  };
  let agent = await openAgent({ ...options, ...people });
  const left = new AbortController();
  let exitCode = 0;

  let leaving = false;

  const leave = (code: number): void => {
    if (!left.signal.aborted) exitCode = code;
    left.abort();
  };
  /** What was asked before is answered first. */
  const leaveWhenIdle = (): void => {
    leaving = true;
    if (turns.state() === "idle") leave(0);
    terminal.refresh();
  };
  const untold = untoldWarnings();
  const tellWarnings = (): void => {
    for (const { message, hint } of untold(agent))
      notes.warn(hint === undefined ? message : `${message}\n${hint}`);
  };
  /** What comes after each run. */
  const followed = async (turn: Promise<void>): Promise<void> => {
    await turn;
    tellWarnings();
    if (leaving) leave(0);
    else news.take();
  };
  /** What is being typed stays when a run begins by itself. */
  const news = createTaskNews({
    agent: () => agent,
    idle: () => turns.state() === "idle" && !leaving && !left.signal.aborted,
    wake: flags.wake,
    begin: () => void followed(turns.resume(agent)),
    say: (text) => conversation.say(text),
    onChange: terminal.refresh,
  });
  const conversation: Conversation = {
    agent: () => agent,
    busy: () => turns.state() !== "idle",
    say: (text) => {
      terminal.gap();
      notes.say(text);
    },
    warn: (text) => {
      terminal.gap();
      notes.warn(text);
    },
    startOver: async () => {
      const { resume: _resume, fork: _fork, session: _session, ...fresh } = options;
      const before = agent;
      agent = await openAgent({ ...fresh, ...people });
      agent.setPermissionMode(before.permissionMode);
      const { provider, id } = before.model;
      if (provider !== agent.model.provider || id !== agent.model.id)
        await agent.setModel(`${provider}:${id}`);
      await closeAgent(before);
      news.watch();
      terminal.clear();
      terminal.print(banner(agent));
    },
    listSessions: async () => {
      const rows = sessionRows(await listSessions(options));
      conversation.say(rows.length === 0 ? "There are no saved sessions in this folder." : rows.join("\n"));
    },
    leave: leaveWhenIdle,
    start: (text) => followed(turns.start(agent, text)),
    call: (called) => followed(turns.call(agent, called)),
    compact: (instructions) => followed(turns.compact(agent, instructions)),
    steer: turns.steer,
  };
  const typed = listen(conversation, history);

  terminal.print(banner(agent));
  tellWarnings();
  terminal.print(tail(agent, { width: terminal.columns(), highlight }));
  const interrupts = watchInterrupts(turns, leave, terminal);
  const closePane = terminal.open(
    createPromptPane({
      paint: terminal.paint,
      history: () => history.entries,
      status: () => interrupts.warning() ?? (statusOf(turns, leaving) || backgroundOf(agent)),
      complete: (text) => completeSlashCommand(text, agent.commands),
      onSubmit: (text) => {
        interrupts.forget();
        news.heard();
        typed(text);
      },
      onInterrupt: interrupts.interrupt,
      onExit: leaveWhenIdle,
      onEnd: () => leave(129),
      onClear: terminal.clear,
    }),
  );
  const stops = [
    io.onSignal("SIGINT", interrupts.interrupt),
    io.onSignal("SIGTERM", () => leave(143)),
    io.onSignal("SIGHUP", () => leave(129)),
  ];
  news.watch();
  if (agent.unfinished) void followed(turns.resume(agent));
  await aborted(left.signal);
  closePane();
  turns.stop();
  news.forget();
  await closeAgent(agent);
  for (const stop of stops) stop();
  const said = agent.messages.length > 0 ? { session: agent.session } : {};
  return { exitCode, ...said, usage: agent.usage };
}

/** What is typed while a run goes on steers it; otherwise it is a command or the next prompt. */
function listen(conversation: Conversation, history: History): (text: string) => void {
  let before = Promise.resolve();
  const handle = async (text: string): Promise<void> => {
    const line = text.trim();
    if (line === "") return;
    await history.add(conversation.agent().redact(text));
    if (line === "exit" || line === "quit") return conversation.leave();
    if (/^\/[\w:.?-]*(\s|$)/.test(line)) return runSlashCommand(conversation, line);
    if (conversation.busy()) conversation.steer(text.trimEnd());
    else void conversation.start(text.trimEnd());
  };
  return (text) => {
    before = before
      .then(() => handle(text))
      .catch((thrown: unknown) => {
        const { message, hint } = toFault(thrown, "internal");
        conversation.warn(hint === undefined ? message : `${message}\n${hint}`);
      });
  };
}

interface Interrupts {
  readonly interrupt: () => void;
  readonly warning: () => string | undefined;
  readonly forget: () => void;
}

/** The first Ctrl-C stops the run, the second leaves; without a run the first one only warns. */
function watchInterrupts(turns: Turns, leave: (code: number) => void, terminal: Console): Interrupts {
  let warned = false;
  return {
    interrupt: () => {
      const state = turns.state();
      if (state === "running") turns.stop();
      else if (state === "stopping") leave(130);
      else if (warned) leave(0);
      else warned = true;
      terminal.refresh();
    },
    warning: () => (warned && turns.state() === "idle" ? "Ctrl-C again leaves" : undefined),
    forget: () => {
      warned = false;
    },
  };
}

function statusOf(turns: Turns, leaving: boolean): string {
  switch (turns.state()) {
    case "running":
      if (leaving) return "leaving when this is done: Ctrl-C stops it";
      return "working: Ctrl-C stops, Enter steers";
    case "stopping":
      return "stopping: Ctrl-C again leaves";
    case "idle":
      return "";
  }
}

/** What goes on while nothing else does. */
function backgroundOf({ tasks }: Agent): string {
  const running = tasks.list().filter(({ status }) => status === "running" || status === "pending").length;
  return running === 0 ? "" : `${running} in the background: /tasks`;
}

function banner({ model, permissionMode, sandbox, cwd }: Agent): readonly Line[] {
  const confined = sandbox.state === "disabled" ? "no sandbox" : `sandbox ${sandbox.state}`;
  const facts = `${version}  ${model.provider}/${model.id}  ${permissionMode}  ${confined}  ${printableLine(cwd)}`;
  return [[span("claw ", "bold"), span(facts, "dim")], [span("/help lists the commands", "dim")]];
}

/** Of a session that is resumed: where it stood. */
function tail(agent: Agent, options: Parameters<typeof messageLines>[2]): readonly Line[] {
  const last = agent.messages.findLastIndex(
    (message) => message.role === "user" && message.origin === "human",
  );
  if (last === -1) return [];
  const note = wrap(
    [span(`Session ${agent.session}, ${agent.messages.length} messages so far`, "dim")],
    options.width,
  );
  return [
    ...note,
    [],
    ...agent.messages
      .slice(last)
      .flatMap((message) => messageLines(message, agent.cwd, options, agent.rewrittenInputs)),
  ];
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
