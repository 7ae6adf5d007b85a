import { type Fault, plainText, type SessionState, text, type UserMessage } from "@claw/agent-core";
import type { Mcp, Server } from "@claw/agent-mcp";
import { createTold } from "./told.ts";

/** What MCP servers say of how they want to be used, for one session: each of them once. */
export interface SessionServers {
  /** What is not told yet, for the beginning of a run. */
  readonly begin: () => readonly UserMessage[];
  /** The same, where a request is made anyhow: a run does not go on for the sake of a server. */
  readonly inbox: () => readonly UserMessage[];
}

export interface SessionServersOptions {
  readonly mcp: Mcp;
  /** Of a server; see `serverWords`. */
  readonly wordsOf: (server: Server) => string | undefined;
  readonly session: Pick<SessionState, "messages" | "compactions">;
  /** Whether the model has a tool. */
  readonly has: (tool: string) => boolean;
  /** Tokens of the largest prompt, where that is known. */
  readonly contextWindow: number | undefined;
  readonly redact: (text: string) => string;
  readonly warn: (fault: Fault) => void;
}

/** Characters of all servers together: nothing gives them back, as they stand through every compaction. */
const maxCharacters = 16_000;
/** Of a prompt, in characters to the token: about a twentieth of it. */
const share = 0.2;

export function sessionServers(options: SessionServersOptions): SessionServers {
  const { mcp, session, contextWindow = Number.POSITIVE_INFINITY, redact } = options;
  const told = createTold(session, ({ server }) => (server === undefined ? [] : [server]));
  const warned = new Set<string>();

  function warnOnce(fault: Fault): void {
    if (warned.has(fault.message)) return;
    warned.add(fault.message);
    options.warn(fault);
  }

  function news(): readonly UserMessage[] {
    const before = told();
    let room = Math.min(maxCharacters, contextWindow * share);
    for (const message of before.values()) room -= lengthOf(message);
    const messages: UserMessage[] = [];
    for (const server of mcp.servers) {
      const { name } = server.configured;
      const words = isUsed(server) ? options.wordsOf(server) : undefined;
      const message = words === undefined ? undefined : said(name, redact(words));
      const then = before.get(name);
      if (then !== undefined) noticeChange(server, then, message);
      else if (message !== undefined && lengthOf(message) > room) warnOnce(noRoom(name));
      else if (message !== undefined) {
        room -= lengthOf(message);
        messages.push(message);
      }
    }
    return messages;
  }

  /** What nobody can use need not be explained. */
  function isUsed({ key, catalog }: Server): boolean {
    if (catalog().tools.length === 0) return options.has(`mcp__${key}__resources_read`);
    return mcp.tools().some(({ name }) => name.startsWith(`mcp__${key}__`) && options.has(name));
  }

  function noticeChange(server: Server, then: UserMessage, now: UserMessage | undefined): void {
    if (now === undefined && server.state().type !== "ready") return;
    const isSame = now !== undefined && plainText(then.content) === plainText(now.content);
    if (!isSame) warnOnce(changed(server.configured.name));
  }

  return {
    begin: news,
    inbox: () => (session.messages.at(-1)?.role === "tool" ? news() : []),
  };
}

function said(server: string, words: string): UserMessage {
  return { role: "user", origin: "instructions", server, pinned: true, content: [text(words)] };
}

function lengthOf({ content }: UserMessage): number {
  return plainText(content).length;
}

function noRoom(name: string): Fault {
  return {
    code: "mcp-instructions-skipped",
    message: `The model is not told how the MCP server "${name}" wants to be used: there is no room for it.`,
    hint: "Switch servers off that this session does not need.",
  };
}

function changed(name: string): Fault {
  return {
    code: "mcp-instructions-changed",
    message: `The MCP server "${name}" says otherwise how it wants to be used than it did; this session goes on with what it was told.`,
    hint: "Begin a new session to use what it says now, once you have looked at why it changed.",
  };
}
