import type { SessionState } from "@claw/agent-core";

/** The files that the conversation holds the text of. What a compaction left out is not among them any more. */
export function createTold(
  session: Pick<SessionState, "messages" | "compactions">,
): () => ReadonlySet<string> {
  const files = new Set<string>();
  let seen = 0;
  let { compactions } = session;
  return () => {
    if (session.compactions !== compactions) {
      ({ compactions } = session);
      seen = 0;
      files.clear();
    }
    for (; seen < session.messages.length; seen++) {
      const message = session.messages[seen];
      for (const file of message?.role === "user" ? (message.files ?? []) : []) files.add(file);
    }
    return files;
  };
}
