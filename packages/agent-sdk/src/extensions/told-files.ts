import type { Message, SessionState, UserMessage } from "@claw/agent-core";

/**
 * The files, or what else `namesOf` gives, that the conversation holds the text of: not those that a compaction or a rewind
 * took out of it.
 */
export function createTold(
  session: Pick<SessionState, "messages" | "compactions">,
  namesOf: (message: UserMessage) => readonly string[] = ({ files = [] }) => files,
): () => ReadonlySet<string> {
  const names = new Set<string>();
  let seen = 0;
  let last: Message | undefined;
  let { compactions } = session;
  return () => {
    if (session.compactions !== compactions || session.messages[seen - 1] !== last) {
      ({ compactions } = session);
      seen = 0;
      last = undefined;
      names.clear();
    }
    for (; seen < session.messages.length; seen++) {
      const message = session.messages[seen];
      last = message;
      for (const name of message?.role === "user" ? namesOf(message) : []) names.add(name);
    }
    return names;
  };
}
