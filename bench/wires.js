/**
 * The formats that the scripted model answers in, by the path it is asked on. Each makes the events of a reply:
 * `{ delta, count }`, a text of so many equal deltas, or `{ turn, calls }`, calls of `[name, input]`.
 */
export const wires = new Map([
  ["/v1/messages", messagesEvents],
  ["/v1/responses", responsesEvents],
]);

/** Anthropic's Messages. */
function messagesEvents(reply) {
  const blocks =
    reply.calls === undefined
      ? [
          {
            start: { type: "text", text: "" },
            deltas: texts(reply).map((text) => ({ type: "text_delta", text })),
          },
        ]
      : reply.calls.map(([name, input], index) => ({
          start: { type: "tool_use", id: `toolu_${reply.turn}_${index}`, name, input: {} },
          deltas: [{ type: "input_json_delta", partial_json: JSON.stringify(input) }],
        }));
  return [
    event("message_start", {
      message: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "bench",
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 10, output_tokens: 1 },
      },
    }),
    ...blocks.flatMap(({ start, deltas }, index) => [
      event("content_block_start", { index, content_block: start }),
      ...deltas.map((delta) => event("content_block_delta", { index, delta })),
      event("content_block_stop", { index }),
    ]),
    event("message_delta", {
      delta: { stop_reason: reply.calls === undefined ? "end_turn" : "tool_use", stop_sequence: null },
      usage: { output_tokens: 5 },
    }),
    event("message_stop", {}),
  ];
}

/** OpenAI's Responses. */
function responsesEvents(reply) {
  const response = { id: "resp_1", object: "response", model: "bench", output: [] };
  const items = (reply.calls ?? [undefined]).map((call, index) =>
    call === undefined ? textItem(reply) : callItem(reply.turn, call, index),
  );
  const output = items.map(({ done }) => done);
  const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
  return [
    event("response.created", { response: { ...response, status: "in_progress" } }),
    ...items.flatMap(({ added, deltas, done }, index) => [
      event("response.output_item.added", { output_index: index, item: added }),
      ...deltas.map(({ type, ...delta }) => event(type, { output_index: index, item_id: done.id, ...delta })),
      event("response.output_item.done", { output_index: index, item: done }),
    ]),
    event("response.completed", { response: { ...response, status: "completed", output, usage } }),
  ];
}

function textItem(reply) {
  const item = { id: "msg_1", type: "message", role: "assistant" };
  const text = texts(reply).join("");
  return {
    added: { ...item, status: "in_progress", content: [] },
    deltas: texts(reply).map((delta) => ({ type: "response.output_text.delta", content_index: 0, delta })),
    done: { ...item, status: "completed", content: [{ type: "output_text", text, annotations: [] }] },
  };
}

function callItem(turn, [name, input], index) {
  const item = { id: `fc_${turn}_${index}`, type: "function_call", call_id: `call_${turn}_${index}`, name };
  const text = JSON.stringify(input);
  return {
    added: { ...item, status: "in_progress", arguments: "" },
    deltas: [{ type: "response.function_call_arguments.delta", delta: text }],
    done: { ...item, status: "completed", arguments: text },
  };
}

function texts({ delta, count }) {
  return Array.from({ length: count }, () => delta);
}

function event(type, fields) {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}
