import type { Fault, Message, SessionState, UserMessage } from "@claw/agent-core";
import { type InstructionLoader, instructionMessage, laterInstructions } from "@claw/agent-extensions";
import { createTold } from "./told.ts";

/** What files tell the model of one session, each of them once. */
export interface SessionInstructions {
  /** What a run has to begin with: everything when the session has not been told, else nothing. */
  readonly begin: () => Promise<readonly UserMessage[]>;
  /** Looks for what comes with a file that was just used. Never rejects. */
  readonly used: (file: string) => Promise<void>;
  /** What was found since the last time. */
  readonly inbox: () => readonly UserMessage[];
}

export interface SessionInstructionsOptions {
  readonly loader: InstructionLoader;
  readonly session: Pick<SessionState, "messages" | "compactions">;
  readonly warn: (fault: Fault) => void;
}

export function sessionInstructions({
  loader,
  session,
  warn,
}: SessionInstructionsOptions): SessionInstructions {
  const told = createTold(session);
  let waiting: UserMessage[] = [];
  /** Of files that wait to be told. */
  const pending = new Set<string>();
  let checked = false;

  async function begin(): Promise<readonly UserMessage[]> {
    const before = session.messages.find(isInstructions);
    if (before !== undefined && checked) return [];
    checked = true;
    const found = await loader.load();
    for (const { file, reason, expected } of found.skipped) {
      if (expected !== true)
        warn({ code: "instructions-skipped", message: `${file} is not used: ${reason}.` });
    }
    const message = instructionMessage(found);
    if (before === undefined) return message === undefined ? [] : [message];
    if (JSON.stringify(message?.content) !== JSON.stringify(before.content)) warn(changed);
    return [];
  }

  async function used(file: string): Promise<void> {
    const { files } = await loader.forFile(file).catch(() => ({ files: [] }));
    const known = told();
    const fresh = files.filter((each) => !known.has(each.file) && !pending.has(each.file));
    const message = laterInstructions(fresh);
    if (message === undefined) return;
    for (const each of fresh) pending.add(each.file);
    waiting.push(message);
  }

  return {
    begin,
    used,
    inbox: () => {
      const news = waiting;
      waiting = [];
      pending.clear();
      return news;
    },
  };
}

function isInstructions(message: Message): message is UserMessage {
  if (message.role !== "user" || message.server !== undefined) return false;
  return message.origin === "instructions" && message.pinned === true;
}

const changed: Fault = {
  code: "instructions-changed",
  message: "The instruction files are not what this session began with; it goes on with those it has.",
  hint: "Begin a new session to use them as they are now.",
};
