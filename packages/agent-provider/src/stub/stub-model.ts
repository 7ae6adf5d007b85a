import type { Model, ModelFault } from "@claw/agent-core";
import { pieces, type Speech, type StubSettings, speak } from "./speak.ts";
import type { StubReply, StubScript } from "./stub-script.ts";

/**
 * A model that says what a script tells it to: the first request gets the first reply, and so on, whatever was
 * asked. A request past the end is answered by an error that says so.
 */
export function stubModel(script: StubScript, settings: StubSettings = {}): Model {
  let requests = 0;
  return (_request, signal) => {
    const reply = script.replies[requests];
    requests += 1;
    return speak(reply === undefined ? pastTheEnd(script, requests) : speechOf(reply), settings, signal);
  };
}

function speechOf(reply: StubReply): Speech {
  const { text = "", reasoning = "", toolCalls = [], error, delayMs, stop, usage, chunks } = reply;
  return {
    reasoning: pieces(reasoning, chunks),
    text: pieces(text, chunks),
    calls: toolCalls.map((call) => ({ name: call.name, input: "raw" in call ? call.raw : call.input })),
    ...(delayMs === undefined ? {} : { delayMs }),
    ...(stop === undefined ? {} : { stop }),
    ...(usage === undefined ? {} : { usage }),
    ...(error === undefined
      ? {}
      : {
          error: {
            message: `The stub fails as told (${error.code}).`,
            retryable: false,
            provider: "stub",
            ...error,
          },
        }),
  };
}

function pastTheEnd(script: StubScript, request: number): Speech {
  const count = script.replies.length;
  const error: ModelFault = {
    code: "bad-request",
    message: `The stub script is over: it has ${count} ${count === 1 ? "reply" : "replies"}, and this is request ${request}.`,
    hint: "Add a line to the script for each request that is expected.",
    retryable: false,
    provider: "stub",
  };
  return { error };
}
