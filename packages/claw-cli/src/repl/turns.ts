import { type Agent, type Run, toFault } from "@claw/agent-sdk";
import type { CalledCommand } from "../command-in.ts";
import { isOwnWarning } from "../is-own-warning.ts";
import type { Console } from "../terminal/console.ts";
import { span } from "../terminal/line.ts";
import type { Highlight } from "../terminal/markdown/highlight.ts";
import { plainLines } from "../terminal/markdown/markdown-stream.ts";
import { endFault } from "../transcript/end-fault.ts";
import type { Notes } from "./notes.ts";
import { createTurnView } from "./turn-view.ts";

/** The runs of a conversation, one at a time. */
export interface Turns {
  readonly state: () => "idle" | "running" | "stopping";
  /** Runs a prompt to its end and shows it. Never rejects. */
  readonly start: (agent: Agent, prompt: string) => Promise<void>;
  /** Runs a command of the agent to its end and shows it. Never rejects. */
  readonly call: (agent: Agent, called: CalledCommand) => Promise<void>;
  /** Goes on with an unfinished run, to its end. Never rejects. */
  readonly resume: (agent: Agent) => Promise<void>;
  /** Makes the conversation shorter. Never rejects. */
  readonly compact: (agent: Agent, instructions: string) => Promise<void>;
  /** Says something to the run that goes on. */
  readonly steer: (text: string) => void;
  readonly stop: () => void;
}

export interface TurnsOptions {
  readonly terminal: Console;
  readonly notes: Notes;
  readonly verbose: boolean;
  readonly highlight: Highlight;
}

export function createTurns({ terminal, notes, verbose, highlight }: TurnsOptions): Turns {
  let run: Run | undefined;
  let starting = false;
  let stopping = false;
  /** Said to the run and not yet seen in the conversation. */
  let unheard: string[] = [];

  const follow = async (agent: Agent, begin: () => Run | Promise<Run>): Promise<boolean> => {
    const view = createTurnView({ terminal, cwd: agent.cwd, verbose, highlight });
    try {
      starting = true;
      run = await begin();
      // It was to stop before it began.
      if (stopping) run.cancel();
      for await (const event of run) {
        if (event.type === "message" && event.message.role === "user" && event.message.origin === "steer")
          unheard.shift();
        if (!isOwnWarning(agent, event)) view.event(event);
      }
      const { end } = await run.result;
      view.end();
      const fault = endFault(end);
      if (fault !== undefined) notes.fault(fault);
      if (end.reason === "context-exhausted" && end.handOver !== undefined) notes.say(`\n${end.handOver}`);
      return end.reason === "completed";
    } finally {
      view.end();
      terminal.gap();
      run = undefined;
      starting = false;
      stopping = false;
    }
  };

  const start = (agent: Agent, prompt: string): Promise<void> => {
    echo(terminal, prompt);
    return toEnd(agent, async () => agent.run(await agent.expand(prompt)));
  };
  const toEnd = async (agent: Agent, begin: () => Run | Promise<Run>): Promise<void> => {
    try {
      const completed = await follow(agent, begin);
      const late = unheard.join("\n");
      unheard = [];
      if (late === "") return;
      // It came when the run was already over: it is the next prompt, unless the person wanted to stop.
      if (completed) await start(agent, late);
      else notes.warn(`Not sent: ${late}`);
    } catch (thrown) {
      notes.fault(toFault(thrown, "internal"));
    }
  };

  return {
    state: () => (run === undefined && !starting ? "idle" : stopping ? "stopping" : "running"),
    start,
    call: (agent, { command: { name }, args }) => {
      echo(terminal, `/${name} ${args}`.trim());
      return toEnd(agent, () => agent.runCommand(name, args));
    },
    resume: (agent) => toEnd(agent, () => agent.resume()),
    compact: async (agent, instructions) => {
      const { length } = agent.messages;
      await toEnd(agent, () => agent.compact(instructions === "" ? undefined : instructions));
      if (agent.messages.length === length) notes.say("There is nothing to leave out.");
    },
    steer: (text) => {
      echo(terminal, text);
      unheard.push(text);
      run?.steer(text);
    },
    stop: () => {
      stopping = true;
      run?.cancel("The person pressed Ctrl-C.");
    },
  };
}

/** Lines of a prompt that are repeated. */
const echoed = 50;

/** What was typed stays visible above the answer. */
function echo(terminal: Console, text: string): void {
  const [head, more] = firstLines(text);
  const lines = plainLines(head, terminal.columns() - 2);
  terminal.gap();
  terminal.print(lines.map((line, index) => [span(index === 0 ? "> " : "  ", "dim"), ...line]));
  terminal.print([...(more > 0 ? [[span(`  … ${more} more lines`, "dim")]] : []), []]);
}

function firstLines(text: string): readonly [string, number] {
  const lines = text.split("\n");
  return [
    lines
      .slice(0, echoed)
      .join("\n")
      .slice(0, echoed * 200),
    Math.max(0, lines.length - echoed),
  ];
}
