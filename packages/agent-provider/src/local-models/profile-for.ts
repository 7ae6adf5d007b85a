import { type DialectName, type ModelProfile, noProfile } from "./model-profile.ts";

/** A profile and the models that it is for. */
export interface ProfileEntry extends ModelProfile {
  /** The whole model id, in any case; `*` stands for any characters. */
  readonly match: string;
}

/** The profile of the first entry that matches a model's id: of those given, then of the known ones, then none. */
export function profileFor(modelId: string, entries: readonly ProfileEntry[] = []): ModelProfile {
  const id = modelId.toLowerCase();
  return (
    entries.find(({ match }) => matches(id, match)) ??
    knownProfiles.find(({ match }) => matches(id, match)) ??
    noProfile
  );
}

/** By finding the pieces between the stars from left to right: no pattern takes longer than the id is long. */
function matches(id: string, pattern: string): boolean {
  const pieces = pattern.toLowerCase().split("*");
  const [first = "", ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return id === first;
  if (!id.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = id.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return id.length - last.length >= at && id.endsWith(last);
}

/** What is publicly known of families of models, the special before the general. As of late 2026. */
export const knownProfiles: readonly ProfileEntry[] = [
  ...family(["*hermes*"], ["tool-call-tag"], "Model cards of Hermes 2 Pro and 3: JSON in <tool_call> tags."),
  ...family(
    ["*deepseek*qwen*"],
    ["tool-call-tag", "deepseek-marker"],
    "Distilled from R1 into Qwen (deepseek-ai/DeepSeek-R1): the form of either.",
  ),
  ...family(
    ["*deepseek*"],
    ["deepseek-marker", "dsml-tag"],
    "Chat templates of DeepSeek V3, R1-0528 and V3.1, the encoding of V3.2; the DeepSeek tool parsers of vLLM.",
  ),
  ...family(
    ["*kimi*k2*"],
    ["kimi-marker"],
    "moonshotai/Kimi-K2-Instruct, tool call guidance; the Kimi K2 tool parser of vLLM.",
  ),
  ...family(
    ["*glm-4*", "*glm4*", "*glm-5*", "*glm5*"],
    ["arg-key-tag"],
    "Chat templates of GLM-4.5, 4.6 and 4.7; the glm45 and glm47 tool parsers of vLLM.",
  ),
  ...family(["*gpt-oss*"], ["harmony"], "OpenAI harmony response format, openai/harmony, docs/format.md."),
  ...family(
    ["*qwen*2.5*coder*"],
    ["tool-call-tag", "fenced-json", "bare-json"],
    "ollama/ollama#12174, vllm-project/vllm#32926: fences or bare JSON, whatever the template asks for.",
  ),
  ...family(
    ["*qwen*"],
    ["tool-call-tag", "function-tag"],
    "Chat templates of Qwen 2.5 and 3 (JSON in <tool_call> tags), and of Qwen3-Coder (ggml-org/llama.cpp#15012).",
  ),
  ...family(["*qwq*"], ["tool-call-tag"], "Chat template of QwQ-32B: JSON in <tool_call> tags."),
  ...family(
    ["*llama4*", "*llama-4*"],
    ["python-call", "bare-json"],
    "Llama 4 prompt format: [name(key=value)]; the llama4_pythonic tool parser of vLLM.",
  ),
  ...family(
    ["*llama3*", "*llama-3*"],
    ["bare-json", "python-call", "function-tag"],
    "Llama 3.1 and 3.2 prompt formats: bare JSON, <|python_tag|>, <function=…>{…}, [name(key=value)].",
  ),
  ...family(
    ["*mistral*", "*mixtral*", "*ministral*", "*devstral*", "*codestral*", "*magistral*"],
    ["mistral-marker"],
    "mistralai/mistral-common: [TOOL_CALLS] before an array, or name[ARGS]{…} from tokenizer v11 on.",
  ),
  ...family(
    ["*minimax*m2*"],
    ["invoke-tag"],
    "Chat template of MiniMax-M2: <minimax:tool_call><invoke name=…>.",
  ),
];

function family(
  patterns: readonly string[],
  dialects: readonly DialectName[],
  source: string,
): readonly ProfileEntry[] {
  return patterns.map((match) => ({ match, dialects, repairs: "reads", source }));
}
