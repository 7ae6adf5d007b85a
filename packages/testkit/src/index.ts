export type { FrameKind } from "./mock-model/frame.ts";
export type { CutPoint, MockFault, RawFault, StatusFault } from "./mock-model/mock-fault.ts";
export type { MockModel, MockModelOptions } from "./mock-model/mock-model.ts";
export { startMockModel } from "./mock-model/mock-model.ts";
export type {
  MockFormat,
  MockReply,
  MockScript,
  MockScriptFunction,
  MockStop,
  MockToolCall,
  MockUsage,
} from "./mock-model/mock-reply.ts";
export type {
  MockConversation,
  MockMessage,
  MockRequest,
  SeenToolCall,
  SeenToolResult,
} from "./mock-model/mock-request.ts";
export type { ListedModel } from "./mock-model/model-listing.ts";
export { plannerScript } from "./mock-model/planner-script.ts";
export type { MockHit } from "./mock-model/server-state.ts";
export type { Wire } from "./mock-model/wire.ts";
