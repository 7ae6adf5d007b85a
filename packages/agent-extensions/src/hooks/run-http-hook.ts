import { thrownText } from "@claw/agent-core";
import type { HttpHandler } from "./hook.ts";
import { type HookAnswer, readAnswer } from "./hook-answer.ts";
import type { HookPorts } from "./hook-ports.ts";

/** What a server answers beyond this is nonsense. */
const maxBytes = 1024 * 1024;

/** Posts the input. Only a 2xx answer counts; no redirect is followed. */
export async function runHttpHook(
  { url, headers, allowedEnvVars }: HttpHandler,
  input: string,
  { transport, variables }: Pick<HookPorts, "transport" | "variables">,
  signal: AbortSignal,
): Promise<HookAnswer> {
  const fill = (text: string): string =>
    text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_whole, braced?: string, bare?: string) => {
      const name = braced ?? bare ?? "";
      return allowedEnvVars.includes(name) ? (variables[name] ?? "") : "";
    });
  const filled = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value)]));
  try {
    const send = await transport();
    const request = { method: "POST", url, body: [input] } as const;
    const response = await send(
      { ...request, headers: { ...filled, "content-type": "application/json" } },
      signal,
    );
    const text = await readText(response.body);
    if (response.status < 200 || response.status > 299) {
      return { type: "failed", why: `the server answered ${response.status}` };
    }
    return text === undefined
      ? { type: "failed", why: `the answer has more than ${maxBytes} bytes` }
      : readAnswer(text);
  } catch (error) {
    return signal.aborted ? { type: "cancelled" } : { type: "failed", why: thrownText(error) };
  }
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > maxBytes) return undefined;
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}
