import type { Message, SessionState, UserMessage } from "@claw/agent-core";

/**
 * The files, or what else `namesOf` gives, that the conversation holds the text of, each with the first message that has it:
 * not those that a compaction or a rewind took out of it.
 */
export function createTold(
  session: Pick<SessionState, "messages" | "compactions">,
  namesOf: (message: UserMessage) => readonly string[] = ({ files = [] }) => files,
): () => ReadonlyMap<string, UserMessage> {
  const told = new Map<string, UserMessage>();
  let seen = 0;
  let last: Message | undefined;
  let { compactions } = session;
  return () => {
    if (session.compactions !== compactions || session.messages[seen - 1] !== last) {
      ({ compactions } = session);
      seen = 0;
      last = undefined;
      told.clear();
    }
    for (; seen < session.messages.length; seen++) {
      const message = session.messages[seen];
      last = message;
      if (message?.role !== "user") continue;
      for (const name of namesOf(message)) if (!told.has(name)) told.set(name, message);
    }
    return told;
  };
}
