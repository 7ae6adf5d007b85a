import { parseUrl } from "@claw/agent-core";
import type { Auth } from "../auth.ts";
import {
  type ProviderChoice,
  type ProviderFault,
  type ProviderName,
  providerNames,
  type RemoteChoice,
} from "./provider-choice.ts";

/** What a person said (flags) and what the environment says. A flag beats the environment. */
export interface ProviderWishes {
  readonly provider?: string;
  readonly model?: string;
  readonly ollamaUrl?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Decides on a provider. Without a wish: Anthropic when `ANTHROPIC_API_KEY` is not empty, else Ollama. A vendor's
 * key and URL are only ever used for that vendor.
 */
export function chooseProvider(wishes: ProviderWishes): ProviderChoice | ProviderFault {
  const name = wishes.provider?.trim();
  if (name === undefined) {
    return wish(wishes.env["ANTHROPIC_API_KEY"]) === undefined
      ? chooseOllama(wishes, "default")
      : chooseAnthropic(wishes, "key");
  }
  if (!isProviderName(name)) return unknownProvider(name);
  switch (name) {
    case "anthropic":
      return chooseAnthropic(wishes, "flag");
    case "ollama":
      return chooseOllama(wishes, "flag");
    case "openai":
    case "openai-responses":
      return chooseOpenai(wishes, name);
    case "llamacpp":
      return chooseLlamacpp(wishes);
    case "stub":
      return { provider: "stub", model: wish(wishes.model) ?? "stub" };
  }
}

/** Used when nobody names one. */
export const defaultModels: { readonly anthropic: string; readonly ollama: string } = {
  anthropic: "claude-sonnet-4-20250514",
  ollama: "qwen3.5:9b",
};

function chooseAnthropic(wishes: ProviderWishes, chosenBy: "flag" | "key"): ProviderChoice | ProviderFault {
  const { env } = wishes;
  const key = wish(env["ANTHROPIC_API_KEY"]);
  const token = wish(env["ANTHROPIC_AUTH_TOKEN"]);
  const secret = key ?? token;
  if (secret === undefined) {
    return {
      code: "no-key",
      message: "There is no key for Anthropic: ANTHROPIC_API_KEY is not set.",
      hint: "Set ANTHROPIC_API_KEY (or ANTHROPIC_AUTH_TOKEN), or use a local model with --provider ollama.",
    };
  }
  if (!isHeaderValue(secret))
    return unusableKey(key === undefined ? "ANTHROPIC_AUTH_TOKEN" : "ANTHROPIC_API_KEY");
  const auth: Auth =
    key === undefined
      ? { type: "bearer", token: secret }
      : { type: "api-key", header: "x-api-key", key: secret };
  const model = wish(wishes.model) ?? wish(env["ANTHROPIC_MODEL"]) ?? defaultModels.anthropic;
  return located(
    env["ANTHROPIC_BASE_URL"],
    "ANTHROPIC_BASE_URL",
    "https://api.anthropic.com",
    (url, official) => ({
      provider: "anthropic",
      model,
      url,
      auth,
      official,
      chosenBy,
    }),
  );
}

function chooseOpenai(
  wishes: ProviderWishes,
  provider: "openai" | "openai-responses",
): ProviderChoice | ProviderFault {
  const { env } = wishes;
  const key = wish(env["OPENAI_API_KEY"]);
  if (key !== undefined && !isHeaderValue(key)) return unusableKey("OPENAI_API_KEY");
  const auth: Auth = key === undefined ? { type: "none" } : { type: "bearer", token: key };
  const model = wish(wishes.model) ?? wish(env["OPENAI_MODEL"]);
  const choice = located(
    env["OPENAI_BASE_URL"],
    "OPENAI_BASE_URL",
    "https://api.openai.com",
    (url, official) => ({
      provider,
      ...(model === undefined ? {} : { model }),
      url,
      auth,
      official,
      chosenBy: "flag",
    }),
  );
  if ("code" in choice || key !== undefined || !choice.official) return choice;
  return {
    code: "no-key",
    message: "There is no key for OpenAI: OPENAI_API_KEY is not set.",
    hint: "Set OPENAI_API_KEY, or OPENAI_BASE_URL to a compatible server that needs none.",
  };
}

function chooseLlamacpp(wishes: ProviderWishes): ProviderChoice | ProviderFault {
  const model = wish(wishes.model);
  if (model !== undefined) return { provider: "llamacpp", model };
  return {
    code: "no-model",
    message: "No model was chosen: llamacpp runs a GGUF file.",
    hint: "Name the file with --model, such as `--provider llamacpp -m ./qwen3-4b.gguf`.",
  };
}

function chooseOllama(wishes: ProviderWishes, chosenBy: "flag" | "default"): ProviderChoice | ProviderFault {
  const { env } = wishes;
  const flag = wish(wishes.ollamaUrl);
  const given = flag ?? wish(env["OLLAMA_HOST"]);
  const model = wish(wishes.model) ?? wish(env["OLLAMA_MODEL"]) ?? defaultModels.ollama;
  const contextTokens = positiveInteger(env["OLLAMA_CONTEXT_LENGTH"]);
  const address = given === undefined ? undefined : ollamaAddress(given);
  const source = flag === undefined ? "OLLAMA_HOST" : "--ollama-url";
  return located(address, source, "http://localhost:11434", (url) => ({
    provider: "ollama",
    model,
    url,
    auth: { type: "none" },
    official: true,
    chosenBy,
    ...(contextTokens === undefined ? {} : { contextTokens }),
  }));
}

/** `OLLAMA_HOST` is what the server listens on: often without scheme or port, and 0.0.0.0 for everywhere. */
function ollamaAddress(given: string): string {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(given)
    ? given
    : `http://${given.replace(/^:/, "localhost:")}`;
  const url = parseUrl(withScheme);
  if (url === undefined) return withScheme;
  if (url.hostname === "0.0.0.0" || url.hostname === "[::]") url.hostname = "localhost";
  const namesPort = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*:\d+/i.test(withScheme);
  if (!namesPort && withScheme !== given) url.port = "11434";
  return url.href;
}

/** Builds the choice at the given address, or at the vendor's own. */
function located(
  given: string | undefined,
  source: string,
  own: string,
  build: (url: string, official: boolean) => RemoteChoice,
): RemoteChoice | ProviderFault {
  const address = withoutOperation(wish(given));
  if (address === undefined) return build(own, true);
  const url = parseUrl(address);
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return {
      code: "bad-url",
      message: `${source} is not an http or https address.`,
      hint: `Write it in full, such as ${own}.`,
    };
  }
  if (url.username !== "" || url.password !== "") {
    return {
      code: "bad-url",
      message: `${source} holds a user name or a password, which would end up in logs.`,
    };
  }
  return build(address, url.host === new URL(own).host && url.protocol === "https:");
}

/** The address of an API from that of one of its operations, as examples of vendors show them. */
function withoutOperation(address: string | undefined): string | undefined {
  return address?.replace(/\/(chat\/completions|responses|messages|api\/chat)\/?(?=$|\?)/, "");
}

function isProviderName(name: string): name is ProviderName {
  return providerNames.some((known) => known === name);
}

function unknownProvider(name: string): ProviderFault {
  return {
    code: "unknown-provider",
    message: `"${name.slice(0, 80)}" is not a provider.`,
    hint: `The providers are: ${providerNames.join(", ")}.`,
  };
}

function unusableKey(variable: string): ProviderFault {
  return {
    code: "no-key",
    message: `${variable} holds characters that no key has.`,
    hint: "Copy the key again: it is one word of plain letters, digits and signs.",
  };
}

function isHeaderValue(secret: string): boolean {
  return /^[\x21-\x7e]+$/.test(secret);
}

/** An empty value is no value. */
function wish(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === "" ? undefined : trimmed;
}

function positiveInteger(text: string | undefined): number | undefined {
  const value = Number(wish(text));
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
