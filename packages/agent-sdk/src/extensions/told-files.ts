import type { Message, SessionState } from "@claw/agent-core";

/** The files that the conversation holds the text of: not those that a compaction or a rewind took out of it. */
export function createTold(
  session: Pick<SessionState, "messages" | "compactions">,
): () => ReadonlySet<string> {
  const files = new Set<string>();
  let seen = 0;
  let last: Message | undefined;
  let { compactions } = session;
  return () => {
    if (session.compactions !== compactions || session.messages[seen - 1] !== last) {
      ({ compactions } = session);
      seen = 0;
      last = undefined;
      files.clear();
    }
    for (; seen < session.messages.length; seen++) {
      const message = session.messages[seen];
      last = message;
      for (const file of message?.role === "user" ? (message.files ?? []) : []) files.add(file);
    }
    return files;
  };
}
