import type { OpenaiChatOptions } from "../protocols/openai-chat.ts";

/**
 * In what a server or a model differs from the common form of OpenAI's chat API. Mistral's models demand turns that
 * alternate wherever they run; its own server refuses a field besides.
 */
export function openaiDialect(
  url: string,
  model: string,
): Pick<OpenaiChatOptions, "streamOptions" | "repliesBetween"> {
  const { hostname } = new URL(url);
  const atMistral = hostname === "mistral.ai" || hostname.endsWith(".mistral.ai");
  return {
    ...(atMistral ? { streamOptions: false } : {}),
    ...(atMistral || mistral.test(model) ? { repliesBetween: true } : {}),
  };
}

const mistral = /(mi[sx]tral|magistral|ministral|devstral|codestral|pixtral|mathstral|voxtral)/i;
