import { request as ask } from "node:http";
import { type Lease, type ToolMessage, toolCallId } from "@claw/agent-core";
import { fileJournal } from "@claw/agent-journal";
import {
  type AnyTool,
  createAgent,
  type DurableEvent,
  defineTool,
  type Effect,
  type Journal,
  type JsonObject,
  jsonSchema,
  type Model,
  type RunEnd,
} from "@claw/agent-sdk";

/** A step of the plan: a tool and what it is called with. */
export type Step = readonly [tool: string, input: JsonObject];

/** At which record of its journal a process dies: before it is written, or right after. */
export interface KillAt {
  readonly record: number;
  readonly when: "before" | "after";
}

export interface Orders {
  readonly home: string;
  readonly workspace: string;
  /** Where effects are counted. */
  readonly server: string;
  readonly steps: readonly Step[];
  readonly resume: boolean;
  readonly killAt?: KillAt;
}

/** One life of a session that works through a plan, and may die as in a power cut. */
export async function live({ home, workspace, server, steps, resume, killAt }: Orders): Promise<RunEnd> {
  const agent = await createAgent({
    connection: { model: modelOf(steps), ref },
    cwd: workspace,
    env: { ...process.env, CLAW_HOME: home },
    journal: mortal(fileJournal({ root: home }), killAt),
    permission: "auto",
    tools: toolsOf(server),
    ...(resume ? { resume: "crash" } : { session: "crash" }),
  });
  const run = resume && agent.unfinished ? agent.resume() : agent.run("Go through the plan.");
  const { end } = await run.result;
  await agent.close();
  return end;
}

const ref = { provider: "scripted", id: "plan" };

/** A journal that counts the records it is given, and ends the process at one of them, also in the middle of several. */
function mortal(journal: Journal, killAt: KillAt | undefined): Journal {
  let records = 0;
  const append =
    (lease: Lease) =>
    (events: readonly DurableEvent[]): undefined => {
      for (const event of events) {
        records += 1;
        const now = killAt?.record === records;
        if (now && killAt.when === "before") process.kill(process.pid, "SIGKILL");
        lease.append([event]);
        if (now) process.kill(process.pid, "SIGKILL");
      }
    };
  return {
    ...journal,
    lease: async (session): Promise<Lease> => {
      const lease = await journal.lease(session);
      return { ...lease, append: append(lease) };
    },
  };
}

function toolsOf(server: string): readonly AnyTool[] {
  const input = jsonSchema<{ readonly step: number }>({
    type: "object",
    properties: { step: { type: "integer" } },
    required: ["step"],
  });
  const effects = (): readonly Effect[] => [{ type: "unknown", detail: server }];
  const tell =
    (kind: string) => (call: { readonly step: number }, context: { readonly idempotencyKey: string }) =>
      post(`${server}/${kind}`, call.step, context.idempotencyKey);
  return [
    defineTool({
      name: "Charge",
      description: "Takes effect each time it is called, and nobody can ask whether it did.",
      input,
      effects,
      run: tell("charge"),
    }),
    defineTool({
      name: "Put",
      description: "Takes one effect for each key.",
      input,
      effects,
      effectClass: () => "idempotent",
      run: tell("put"),
    }),
    defineTool({
      name: "Order",
      description: "Takes effect each time it is called; the server knows the keys it has seen.",
      input,
      effects,
      run: tell("order"),
      reconcile: async (call, trace) => {
        if ((await tell("seen")(call, trace)) !== "yes") return { type: "not-done" };
        return { type: "done", outcome: { status: "ok", content: [{ type: "text", text: "ordered" }] } };
      },
    }),
    defineTool({
      name: "Look",
      description: "Changes nothing.",
      input,
      effects: () => [],
      run: ({ step }) => `saw ${step}`,
    }),
  ];
}

/** Tells the server that counts. */
function post(url: string, step: number, key: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const to = `${url}?step=${step}&key=${encodeURIComponent(key)}`;
    const sent = ask(to, { method: "POST", agent: false }, (answer) => {
      let said = "";
      answer.on("data", (bytes) => {
        said += bytes;
      });
      answer.on("end", () => resolve(said));
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** Goes through the plan by what the conversation shows as over. A refusal to change an unread file is obeyed. */
function modelOf(steps: readonly Step[]): Model {
  const isUnknown = ({ outcome }: ToolMessage): boolean =>
    outcome.status === "failed" && outcome.error.code === "outcome-unknown";
  return async function* model(request) {
    const answers = request.messages.filter(
      (message): message is ToolMessage => message.role === "tool" && message.name !== "Read",
    );
    const over = answers.filter((answer) => answer.outcome.status === "ok" || isUnknown(answer)).length;
    const last = request.messages.at(-1);
    const unread =
      last?.role === "tool" && last.name !== "Read" && last.outcome.status === "failed" && !isUnknown(last);
    const [name, input] = unread ? ["Read", { file_path: "count.txt" }] : (steps[over] ?? []);
    const id = toolCallId(`step-${over}-${request.messages.length}`);
    return {
      role: "assistant",
      model: ref,
      content:
        name && input ? [{ type: "tool-call", id, name, input }] : [{ type: "text", text: "all done" }],
      stop: { reason: name ? "tool-calls" : "end" },
      usage: {},
    };
  };
}
