import type { OpenaiChatOptions } from "../protocols/openai-chat.ts";

/**
 * In what a server or a model differs from the common form of OpenAI's chat API. Mistral's models demand turns that
 * alternate wherever they run; its own server refuses a field besides. DeepSeek and Moonshot demand the reasoning of
 * every reply, also of one that another model gave.
 */
export function openaiDialect(
  url: string,
  model: string,
): Pick<OpenaiChatOptions, "streamOptions" | "repliesBetween" | "reasoningBack"> {
  const { hostname } = new URL(url);
  const isAt = (domain: string): boolean => hostname === domain || hostname.endsWith(`.${domain}`);
  const atMistral = isAt("mistral.ai");
  return {
    ...(atMistral ? { streamOptions: false } : {}),
    ...(["deepseek.com", "moonshot.ai", "moonshot.cn"].some(isAt) ? { reasoningBack: "always" } : {}),
    ...(atMistral || mistral.test(model) ? { repliesBetween: true } : {}),
  };
}

const mistral = /(mi[sx]tral|magistral|ministral|devstral|codestral|pixtral|mathstral|voxtral)/i;
