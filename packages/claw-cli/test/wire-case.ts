import { type MockModel, type MockModelOptions, startMockModel } from "@claw/testkit";

export interface WireCase {
  readonly wire: string;
  readonly flags: (url: string) => readonly string[];
  readonly env: (url: string) => Readonly<Record<string, string>>;
}

/** How a person points the program at a server, for each protocol. */
export const wires: readonly WireCase[] = [
  {
    wire: "anthropic",
    flags: () => ["--provider", "anthropic"],
    env: (url) => ({ ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: url }),
  },
  { wire: "openai", flags: () => ["--provider", "openai"], env: (url) => ({ OPENAI_BASE_URL: url }) },
  {
    wire: "openai-responses",
    flags: () => ["--provider", "openai-responses"],
    env: (url) => ({ OPENAI_BASE_URL: url }),
  },
  { wire: "ollama", flags: (url) => ["--provider", "ollama", "--ollama-url", url], env: () => ({}) },
];

/** Ollama asks about its default model before it talks to it; the others have a model as they are. */
export function serve(script: MockModelOptions["script"], { wire }: WireCase): Promise<MockModel> {
  return startMockModel({ script: script ?? [], ...(wire === "ollama" ? { models: ["qwen3.5:9b"] } : {}) });
}
