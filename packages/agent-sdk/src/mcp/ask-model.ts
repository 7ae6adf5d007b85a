import { FaultError, type Model, plainText, text, type Usage, type UserMessage } from "@claw/agent-core";
import type { Sample, Sampling } from "@claw/agent-mcp";
import type { Connection } from "../connect-model.ts";

/** More tokens are not made for one request of a server. */
const maxOutput = 4_096;

/** The run's model, for servers: what it costs is the run's, and nothing is asked once the run may spend no more. */
export function askModel(connection: () => Connection, spend: (usage?: Usage) => boolean): Sample {
  return async (sampling, signal) => {
    const { model, ref } = connection();
    if (!spend())
      throw new FaultError({ code: "mcp-refused", message: "The budget of this run is used up." });
    const reply = await lastOf(
      model(
        {
          ...(sampling.system === undefined ? {} : { system: sampling.system }),
          messages: conversation(sampling, ref),
          tools: [],
          maxOutputTokens: Math.min(sampling.maxTokens, maxOutput),
        },
        signal,
      ),
    );
    spend(reply.usage);
    if (reply.stop.reason === "error") throw new FaultError(reply.stop.error);
    return {
      model: ref.id,
      text: plainText(reply.content),
      stop: reply.stop.reason === "length" ? "maxTokens" : "endTurn",
    };
  };
}

async function lastOf(
  reply: ReturnType<Model>,
): ReturnType<Model> extends AsyncGenerator<unknown, infer Last> ? Promise<Last> : never {
  for (;;) {
    const step = await reply.next();
    if (step.done === true) return step.value;
  }
}

function conversation({ messages }: Sampling, ref: Connection["ref"]): Parameters<Model>[0]["messages"] {
  return messages.map(({ role, content }) => {
    if (role === "user") return { role, origin: "runtime", content } satisfies UserMessage;
    return {
      role,
      model: ref,
      content: [text(plainText(content))],
      stop: { reason: "end" },
      usage: {},
    } as const;
  });
}
