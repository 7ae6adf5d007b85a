export type { AiSdkAnswer, AiSdkCall, AiSdkModel, AiSdkReader } from "./ai-sdk/ai-sdk-model.ts";
export { type AiSdkOptions, fromAiSdk } from "./ai-sdk/from-ai-sdk.ts";
export { type Auth, authHeaders } from "./auth.ts";
export { type Clock, systemClock } from "./clock.ts";
export { createModel, type Limits, type ModelOptions } from "./create-model.ts";
export { type Endpoint, endpointUrl } from "./endpoint.ts";
export { fetchTransport } from "./fetch-transport.ts";
export type { Frame, FrameReader, Framing } from "./framing/framing.ts";
export { ndjsonFraming } from "./framing/ndjson-framing.ts";
export { sseFraming } from "./framing/sse-framing.ts";
export { isFault } from "./is-fault.ts";
export { costOf, type KnownModel, knownModel, type Price } from "./known-models.ts";
export type {
  ConformanceCase,
  ConformanceCategory,
  ConformanceStep,
  ExpectedCall,
  ExpectedText,
  ExpectedValue,
} from "./local-models/conformance/conformance-case.ts";
export { conformanceCases } from "./local-models/conformance/conformance-cases.ts";
export {
  type CallForm,
  type CaseResult,
  type ConformanceOptions,
  runConformance,
} from "./local-models/conformance/run-conformance.ts";
export {
  type ConformanceScore,
  scoreConformance,
  type Tally,
} from "./local-models/conformance/score-conformance.ts";
export { type LlamacppOptions, llamacppModel } from "./local-models/llamacpp/llamacpp-model.ts";
export type { LlamacppModule } from "./local-models/llamacpp/llamacpp-module.ts";
export {
  type DialectName,
  dialectNames,
  type ModelProfile,
  noProfile,
} from "./local-models/model-profile.ts";
export { parseModelProfiles, printModelProfiles } from "./local-models/model-profiles-file.ts";
export { knownProfiles, type ProfileEntry, profileFor } from "./local-models/profile-for.ts";
export { type RecogniseOptions, recogniseToolCalls } from "./local-models/recognise-tool-calls.ts";
export { createPromptGauge, type PromptGauge } from "./prompt-gauge.ts";
export type { AnswerReader, Protocol, TokenCount } from "./protocol.ts";
export { type AnthropicMessagesOptions, anthropicMessages } from "./protocols/anthropic-messages.ts";
export type { ThinkingStyle } from "./protocols/anthropic-thinking.ts";
export { type OllamaChatOptions, ollamaChat } from "./protocols/ollama-chat.ts";
export { type OpenaiChatOptions, openaiChat } from "./protocols/openai-chat.ts";
export { type OpenaiResponsesOptions, openaiResponses } from "./protocols/openai-responses.ts";
export { chooseProvider, defaultModels, type ProviderWishes } from "./providers/choose-provider.ts";
export { type Connected, type ConnectOptions, connectProvider } from "./providers/connect-provider.ts";
export { countTokens } from "./providers/count-tokens.ts";
export { type ListedModel, listModels } from "./providers/list-models.ts";
export { type ProviderProbe, probeProvider } from "./providers/probe-provider.ts";
export {
  type ProviderChoice,
  type ProviderFault,
  type ProviderFaultCode,
  type ProviderName,
  providerNames,
  type RemoteChoice,
  type StubChoice,
} from "./providers/provider-choice.ts";
export type { Asking } from "./providers/request-json.ts";
export type { PartKey, ReplyWriter, StopReason } from "./reply.ts";
export { parseStubScript } from "./stub/parse-stub-script.ts";
export { plannerModel } from "./stub/planner-model.ts";
export type { StubSettings } from "./stub/speak.ts";
export { stubModel } from "./stub/stub-model.ts";
export type { StubError, StubReply, StubScript, StubToolCall } from "./stub/stub-script.ts";
export { createTokenEstimator, type TokenEstimator } from "./token-estimator.ts";
export type { VendorError } from "./vendor-error.ts";
export type { Timeouts } from "./watch.ts";
export { type FallbackOptions, fallbackFaults, type NamedModel, withFallback } from "./with-fallback.ts";
export { type RetryOptions, withRetry } from "./with-retry.ts";
