import { type ModelFault, type ModelFaultCode, thrownText } from "@claw/agent-core";
import { excerpt } from "../../excerpt.ts";

/** How to get the package without 700 MB of binaries for other machines. */
export const llamacppInstall: string =
  "npm install --omit=optional --ignore-scripts node-llama-cpp@^3.22 @node-llama-cpp/linux-x64@^3.22 " +
  "(or the binary of your platform, such as @node-llama-cpp/mac-arm64-metal or @node-llama-cpp/win-x64)";

/** The package is not there. */
export function notInstalled(): ModelFault {
  return {
    ...fault("bad-request", "node-llama-cpp is not installed."),
    hint: `Install it: ${llamacppInstall}. Or use a server: Ollama, llama-server.`,
  };
}

/** Why the package could not be loaded: most often it is not there. */
export function notLoaded(thrown: unknown): ModelFault {
  const code = codeOf(thrown);
  const missing =
    code === "ERR_MODULE_NOT_FOUND" ||
    code === "MODULE_NOT_FOUND" ||
    /cannot find (?:package|module)/i.test(thrownText(thrown));
  if (missing) return notInstalled();
  return {
    ...fault("bad-request", `node-llama-cpp cannot be loaded: ${words(thrown)}`),
    hint: "Check that its version is 3.22 or later and has a binary for this machine.",
  };
}

/** The engine or the model file is not usable. */
export function notReady(thrown: unknown, modelPath: string): ModelFault {
  return {
    ...fault("unknown-model", `The model ${modelPath} cannot be loaded: ${words(thrown)}`),
    hint: "Check that it is a GGUF file and that the memory is enough for it; a smaller context needs less.",
  };
}

/** The prompt leaves no room for a reply. */
export function tooLong(tokens: number, contextSize: number): ModelFault {
  return {
    ...fault(
      "context-overflow",
      `The prompt has ${tokens} tokens, and the model's context holds ${contextSize}.`,
    ),
    hint: "Make the conversation shorter, or the context larger.",
  };
}

/** Generation broke. */
export function broke(thrown: unknown): ModelFault {
  return fault("server", `llama.cpp failed: ${words(thrown)}`);
}

function fault(code: ModelFaultCode, message: string): ModelFault {
  return { code, message, retryable: false, provider: "llamacpp" };
}

function words(thrown: unknown): string {
  return excerpt(thrownText(thrown));
}

function codeOf(thrown: unknown): unknown {
  return typeof thrown === "object" && thrown !== null && "code" in thrown ? thrown.code : undefined;
}
