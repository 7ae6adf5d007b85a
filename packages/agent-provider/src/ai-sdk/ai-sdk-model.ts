/**
 * A language model of the AI SDK, by its shape: specification v2, v3 or v4, from any provider package. No type of
 * theirs is imported, so that their versions do not matter here.
 */
export interface AiSdkModel {
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
  // A method on purpose: its parameter is compared both ways, so that their narrower prompt types fit.
  doStream(options: AiSdkCall): PromiseLike<AiSdkAnswer>;
}

/** What is passed to a model. Fields that one version lacks are only set for the others. */
export interface AiSdkCall {
  readonly prompt: readonly object[];
  readonly tools?: readonly object[];
  readonly maxOutputTokens?: number;
  readonly responseFormat?: object;
  readonly reasoning?: string;
  readonly providerOptions?: object;
  readonly abortSignal?: AbortSignal;
}

/** What a model gives: a stream of parts, and where it is known, the headers of the HTTP answer. */
export interface AiSdkAnswer {
  readonly stream: { readonly getReader: () => AiSdkReader };
  readonly response?: { readonly headers?: Readonly<Record<string, string | undefined>> };
}

export interface AiSdkReader {
  readonly read: () => Promise<{ readonly done: boolean; readonly value?: unknown }>;
  readonly cancel: (reason?: unknown) => Promise<void>;
}

/** The versions that can be read. */
export type AiSdkVersion = "v2" | "v3" | "v4";

export function aiSdkVersion(version: string): AiSdkVersion | undefined {
  return version === "v2" || version === "v3" || version === "v4" ? version : undefined;
}
