import { codingPrompt, generalPrompt } from "./system-prompts.ts";

/** What an agent is put together from when nothing else is said. */
export type PresetName = "minimal" | "default" | "coding";

export interface Preset {
  /** Built-in tools by name. */
  readonly tools: "none" | "all";
  readonly system: (facts: PromptFacts) => string | undefined;
}

export interface PromptFacts {
  readonly cwd: string;
  readonly platform: string;
  /** Such as `2026-11-22`. */
  readonly today: string;
}

/** `minimal`: your own tools and prompt only. `default`: all built-in tools. `coding`: the same, told to write code. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  minimal: { tools: "none", system: () => undefined },
  default: { tools: "all", system: generalPrompt },
  coding: { tools: "all", system: codingPrompt },
};
