import type { AssistantMessage } from "../message.ts";
import type { Model, ModelDelta, ModelRequest } from "../ports/model.ts";
import { expectThat } from "./expect-that.ts";
import type { Law } from "./law.ts";

/** The promises of the `Model` port. `model` must answer a plain request with some text. */
export function modelLaws(model: Model): readonly Law[] {
  const request: ModelRequest = {
    messages: [{ role: "user", origin: "human", content: [{ type: "text", text: "Say hello." }] }],
    tools: [],
  };
  return [
    {
      name: "a reply streams its text and returns it whole",
      check: async () => {
        const { deltas, reply } = await drain(model(request, new AbortController().signal));
        const streamed = deltas.map((delta) => (delta.type === "text-delta" ? delta.delta : "")).join("");
        const whole = reply.content.map((part) => (part.type === "text" ? part.text : "")).join("");
        expectThat(whole !== "" && streamed === whole, "the text deltas joined are the text of the reply");
        expectThat(
          reply.role === "assistant" && reply.stop.reason === "end",
          "a plain answer stops with `end`",
        );
      },
    },
    {
      name: "a reply is plain JSON",
      check: async () => {
        const { reply } = await drain(model(request, new AbortController().signal));
        const again: unknown = JSON.parse(JSON.stringify(reply));
        expectThat(JSON.stringify(again) === JSON.stringify(reply), "it survives a round trip through JSON");
      },
    },
    {
      name: "an aborted request ends in a reply that says so, not in a throw",
      check: async () => {
        const { reply } = await drain(model(request, AbortSignal.abort()));
        expectThat(reply.stop.reason === "aborted", "the reply stops with `aborted`");
      },
    },
    {
      name: "the request is left as it was",
      check: async () => {
        const before = JSON.stringify(request);
        await drain(model(request, new AbortController().signal));
        expectThat(JSON.stringify(request) === before, "nothing in the request is changed");
      },
    },
  ];
}

async function drain(
  stream: AsyncGenerator<ModelDelta, AssistantMessage>,
): Promise<{ deltas: ModelDelta[]; reply: AssistantMessage }> {
  const deltas: ModelDelta[] = [];
  for (;;) {
    const step = await stream.next();
    if (step.done) return { deltas, reply: step.value };
    deltas.push(step.value);
  }
}
