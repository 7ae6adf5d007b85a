/** How a model makes tool calls when it does not make them natively. Data, so that a test run can write one. */
export interface ModelProfile {
  /** The forms in which it writes calls as text; none: its text is never looked into. */
  readonly dialects: readonly DialectName[];
  /**
   * What becomes of a call in text whose arguments are no valid JSON. `none`: it stays text. `reads`: it becomes a
   * `malformed` call, which a toolbox may repair if it only reads.
   */
  readonly repairs: "none" | "reads";
  /** Where this is known from. */
  readonly source?: string;
}

export type DialectName =
  /** A code fence with `{"name", "arguments"}` in it. */
  | "fenced-json"
  /** `<tool_call>{"name", "arguments"}</tool_call>`: Hermes, Qwen 2.5 and 3. */
  | "tool-call-tag"
  /** `<function=NAME><parameter=KEY>…`: Qwen 3 Coder; `<function=NAME>{…}</function>`: Llama 3.1. */
  | "function-tag"
  /** A reply that is nothing but `{"name", "parameters"}`, also after `<|python_tag|>`: Llama 3. */
  | "bare-json"
  /** A reply that is nothing but `[name(key=value)]`: Llama 3.2 and 4. */
  | "python-call"
  /** `[TOOL_CALLS]` before JSON: Mistral. */
  | "mistral-marker"
  /** `<invoke name="NAME"><parameter name="KEY">…`. */
  | "invoke-tag"
  /** `<tool_call>NAME<arg_key>KEY</arg_key><arg_value>…`: GLM 4.5 to 4.7. */
  | "arg-key-tag"
  /** `<｜tool▁call▁begin｜>NAME<｜tool▁sep｜>{…}`: DeepSeek V3, R1 and V3.1. */
  | "deepseek-marker"
  /** `<｜DSML｜invoke name="NAME">…`: DeepSeek V3.2 on. */
  | "dsml-tag"
  /** `<|tool_call_begin|>functions.NAME:0<|tool_call_argument_begin|>{…}`: Kimi K2. */
  | "kimi-marker"
  /** `<|channel|>commentary to=functions.NAME<|message|>{…}`: gpt-oss. */
  | "harmony";

/** Every dialect's name, for checks and messages. */
export const dialectNames: readonly DialectName[] = [
  "fenced-json",
  "tool-call-tag",
  "function-tag",
  "bare-json",
  "python-call",
  "mistral-marker",
  "invoke-tag",
  "arg-key-tag",
  "deepseek-marker",
  "dsml-tag",
  "kimi-marker",
  "harmony",
];

/** The profile of a model of which nothing is known: its text is text. */
export const noProfile: ModelProfile = { dialects: [], repairs: "none" };
