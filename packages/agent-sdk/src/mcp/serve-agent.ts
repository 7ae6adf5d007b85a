import type { Readable, Writable } from "node:stream";
import {
  type Answer,
  type Ask,
  type AssistantMessage,
  askNobody,
  type Model,
  type ModelRef,
  type ToolOutcome,
  text,
  toFault,
  toolCallId,
} from "@claw/agent-core";
import type { ServedCall } from "@claw/agent-mcp";
import { visible } from "@claw/agent-permissions";
import type { Agent } from "../agent.ts";
import type { AgentOptions } from "../agent-options.ts";
import { createAgent } from "../create-agent.ts";
import { randomId } from "../random-id.ts";

export interface ServeAgentOptions extends Omit<AgentOptions, "output" | "ask" | "connection"> {
  readonly version: string;
  readonly input: Readable;
  readonly output: Writable;
  /** Is given the agent before it serves, such as to tell its warnings. */
  readonly onAgent?: (agent: Agent) => void | Promise<void>;
}

/**
 * Offers an agent's tools to an MCP client over two streams, until the input ends. Each call is a run of its own in one
 * session, whose model says nothing but this call: so it is checked, asked about, journaled and bounded as if a model
 * had made it. Who is asked is the person behind the client. One call runs at a time.
 */
export async function serveAgent(options: ServeAgentOptions): Promise<void> {
  const { version, input, output, onAgent, ...agentOptions } = options;
  const { serveTools } = await import("@claw/agent-mcp");
  let current: ServedCall | undefined;
  const ask: Ask = (request, signal) => askClient(current, request, signal);
  await using agent = await createAgent({
    preset: "coding",
    ...agentOptions,
    connection: { model: sayCall(() => current), ref: clientRef },
    ask,
  });
  await onAgent?.(agent);
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = (call: ServedCall): Promise<ToolOutcome> => {
    const next = turn.then(async () => {
      current = call;
      try {
        return await perform(agent, call);
      } finally {
        current = undefined;
      }
    });
    turn = next.catch(() => undefined);
    return next;
  };
  await serveTools({ specs: agent.tools, call: inTurn }, { version, input, output });
}

const clientRef: ModelRef = { provider: "mcp", id: "client" };

async function perform(agent: Agent, call: ServedCall): Promise<ToolOutcome> {
  try {
    const run = agent.run(`An MCP client calls ${call.name}.`, { signal: call.signal });
    for await (const event of run) if (event.type === "tool-progress") call.progress(event.text);
    const { messages } = await run.result;
    const answered = messages.findLast((message) => message.role === "tool");
    return answered?.outcome ?? { status: "cancelled", content: [text("The call was cancelled.")] };
  } catch (error) {
    const { message } = toFault(error, "internal");
    return { status: "failed", content: [text(message)], error: { code: "tool-broken", message } };
  }
}

/** A model whose only words are the call that the client makes. */
function sayCall(current: () => ServedCall | undefined): Model {
  const made = new WeakSet<ServedCall>();
  // biome-ignore lint/correctness/useYield: it has nothing to stream
  return async function* model() {
    const call = current();
    const said = { role: "assistant", model: clientRef, usage: { cost: 0 } } as const;
    if (call === undefined || made.has(call)) {
      return { ...said, content: [text("Done.")], stop: { reason: "end" } } satisfies AssistantMessage;
    }
    made.add(call);
    return {
      ...said,
      content: [{ type: "tool-call", id: toolCallId(randomId()), name: call.name, input: call.input }],
      stop: { reason: "tool-calls" },
    } satisfies AssistantMessage;
  };
}

/** Characters that a client is trusted to show whole. */
const maxQuestion = 4_000;

const tooLong = "It is too long to be shown whole to the person behind the client, so nobody was asked.";

async function askClient(
  call: ServedCall | undefined,
  request: Parameters<Ask>[0],
  signal: AbortSignal,
): Promise<Answer> {
  const { reason = "This needs a permission.", tool, input } = request;
  const question = visible(`${reason}\n${tool} ${JSON.stringify(input)}`);
  // Nobody can say yes to what they are not shown.
  if (question.length > maxQuestion) return { type: "deny", by: "nobody", message: `${reason} ${tooLong}` };
  const allowed = await call?.confirm(question, signal);
  if (allowed === undefined) return askNobody(request, signal);
  return allowed ? { type: "allow" } : { type: "deny", by: "user" };
}
