import type { JsonObject } from "@claw/agent-core";
import { thrownText } from "@claw/agent-core";
import type { Exchange } from "./exchange.ts";
import { answerError, complain, hasAcceptedKey, refuse } from "./exchange.ts";
import type { MockReply } from "./mock-reply.ts";
import type { MockRequest } from "./mock-request.ts";
import { defaultCapabilities } from "./model-listing.ts";
import type { RequestBody } from "./request-body.ts";
import { sendReply } from "./send-reply.ts";
import type { VendorError, WireFormat } from "./wire.ts";

/** A request for a reply: judged, recorded, answered by the script. */
export async function answerPrompt(exchange: Exchange, format: WireFormat): Promise<void> {
  const { state, headers, body } = exchange;
  if (body.type === "refused") {
    refuse(exchange, format, [body.finding]);
    return;
  }
  const findings = format.check({ headers, body: body.body }, state.memory);
  const request = readRequest(exchange, format, body);
  state.requests.push(request);
  const lack = keyLack(exchange, format) ?? (findings.length > 0 ? undefined : modelLack(exchange, request));
  if (lack !== undefined) answerError(exchange, format, lack);
  else if (findings.length > 0) refuse(exchange, format, findings);
  else await answerFromScript(exchange, format, request);
}

function readRequest(
  { state, serial, path, headers }: Exchange,
  format: WireFormat,
  { raw, body }: RequestBody & { readonly type: "json" },
): MockRequest {
  const index = state.requests.items.length;
  const stream = format.wantsStream(body);
  return { ...format.read(body), index, serial, wire: format.wire, path, headers, body, raw, stream };
}

async function answerFromScript(exchange: Exchange, format: WireFormat, request: MockRequest): Promise<void> {
  const { state, connection, serial } = exchange;
  const reply = await Promise.race([nextReply(exchange, request), connection.gone.then(() => undefined)]);
  if (connection.isGone()) return;
  if (reply === undefined) {
    answerError(exchange, format, { status: 400, message: "The mock's script has no reply to this." });
    return;
  }
  const context = { body: request.body, memory: state.memory, chatReasoning: state.chatReasoning };
  const onMistake = (sentence: string): void => complain(exchange, sentence);
  await sendReply(reply, { connection, request, format, context, serial, onMistake });
}

function keyLack(exchange: Exchange, format: WireFormat): VendorError | undefined {
  return hasAcceptedKey(exchange, format) ? undefined : { status: 401, message: "invalid api key" };
}

/** Why the named model cannot answer: it is not there, or lacks what the request asks of it. */
function modelLack({ state }: Exchange, request: MockRequest): VendorError | undefined {
  if (!state.onlyListedModels) return undefined;
  const model = state.models.find((one) => one.id === request.model);
  if (model === undefined) return { status: 404, message: `model '${request.model}' not found` };
  const can = model.capabilities ?? defaultCapabilities;
  if (request.tools.length > 0 && !can.includes("tools"))
    return { status: 400, message: `${model.id} does not support tools` };
  if (asksToThink(request.body) && !can.includes("thinking"))
    return { status: 400, message: `"${model.id}" does not support thinking` };
  return undefined;
}

function asksToThink(body: JsonObject): boolean {
  const think = body["think"];
  return think !== undefined && think !== false;
}

async function nextReply(exchange: Exchange, request: MockRequest): Promise<MockReply | undefined> {
  const { state } = exchange;
  const index = state.replies;
  state.replies += 1;
  if (typeof state.script !== "function") {
    const reply = state.script[index];
    if (reply === undefined) complain(exchange, `the script has only ${state.script.length} replies`);
    return reply;
  }
  try {
    return await state.script(request, index);
  } catch (thrown) {
    complain(exchange, `the script threw: ${thrownText(thrown)}`);
    return undefined;
  }
}
