import type { JsonValue } from "@claw/agent-core";

/** The part of the package `node-llama-cpp` (3.x) that is used here, by structure: nothing of it is imported. */
export interface LlamacppModule {
  readonly getLlama: (options?: {
    /** Where the engine's remarks go; by default it prints them. */
    readonly logger?: () => void;
    /** Without it, a missing binary is compiled, which takes minutes. */
    readonly build?: "never";
  }) => Promise<LlamacppEngine>;
  /** Takes `{ contextSequence }`, whose type is the package's own. */
  readonly LlamaChat: new (
    options: never,
  ) => LlamacppChat;
}

export interface LlamacppEngine {
  loadModel(options: { readonly modelPath: string }): Promise<LlamacppWeights>;
  dispose(): Promise<void>;
}

export interface LlamacppWeights {
  readonly tokenizer: unknown;
  createContext(options?: {
    readonly contextSize?: number | { readonly max: number };
    readonly threads?: number;
  }): Promise<LlamacppContext>;
}

export interface LlamacppContext {
  /** Tokens. */
  readonly contextSize: number;
  getSequence(): LlamacppSequence;
}

export interface LlamacppSequence {
  readonly tokenMeter: { readonly usedInputTokens: number; readonly usedOutputTokens: number };
}

export interface LlamacppChat {
  readonly chatWrapper: {
    generateContextState(options: {
      readonly chatHistory: readonly LlamacppHistoryItem[];
      readonly availableFunctions?: LlamacppFunctions;
    }): { readonly contextText: { tokenize(tokenizer: never): readonly number[] } };
  };
  generateResponse(
    history: LlamacppHistoryItem[],
    options: LlamacppGenerateOptions,
  ): Promise<LlamacppResponse>;
}

export interface LlamacppGenerateOptions {
  readonly signal: AbortSignal;
  /** A stop ends the response where it is, instead of throwing. */
  readonly stopOnAbortSignal: true;
  readonly maxTokens: number;
  readonly temperature?: number;
  readonly seed?: number;
  readonly functions?: LlamacppFunctions;
  readonly onResponseChunk: (chunk: LlamacppChunk) => void;
}

/** Thoughts come as segments; text that is for the reader has no type. */
export interface LlamacppChunk {
  readonly type?: "segment" | undefined;
  readonly text: string;
}

export interface LlamacppResponse {
  readonly functionCalls?: readonly LlamacppCall[];
  readonly metadata: { readonly stopReason: string };
}

export interface LlamacppCall {
  readonly functionName: string;
  readonly params?: JsonValue | undefined;
}

/** By name. The grammar that calls are written under follows from `params`: JSON in the package's own schema type. */
export type LlamacppFunctions = Readonly<
  Record<string, { readonly description?: string; readonly params?: never }>
>;

export type LlamacppHistoryItem =
  | { type: "system"; text: string }
  | { type: "user"; text: string }
  | { type: "model"; response: LlamacppSaid[] };

export type LlamacppSaid =
  | string
  | { type: "segment"; segmentType: "thought"; text: string; ended: true }
  | { type: "functionCall"; name: string; params: JsonValue; result: JsonValue; startsNewChunk?: boolean };
