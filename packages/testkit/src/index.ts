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
export type { SelfMadeCertificate } from "./network/self-made-certificate.ts";
export { selfMadeCertificate } from "./network/self-made-certificate.ts";
export type { ProxiedRequest, ProxyManner, TestProxy, TestProxyOptions } from "./network/test-proxy.ts";
export { startTestProxy } from "./network/test-proxy.ts";
export type { TlsFront } from "./network/tls-front.ts";
export { tlsFront } from "./network/tls-front.ts";
export type { BundledHost } from "./system/bundle-host.ts";
export { bundleHost } from "./system/bundle-host.ts";
export { collectGarbage } from "./system/collect-garbage.ts";
export type { CounterAnswer, CounterServer } from "./system/counter-server.ts";
export { counterServer } from "./system/counter-server.ts";
export type { TestFolder, TestHooks } from "./system/folder-for-each-test.ts";
export { folderForEachTest, skillText } from "./system/folder-for-each-test.ts";
export { deadAddress, type LawServer, lawServer } from "./system/law-server.ts";
export type { MarkedProcess } from "./system/processes-with-marker.ts";
export { processesWithMarker } from "./system/processes-with-marker.ts";
export type { ProgramRequest, ProgramResult } from "./system/run-program.ts";
export { runProgram } from "./system/run-program.ts";
export type { TemporaryFolder } from "./system/temporary-folder.ts";
export { temporaryFolder } from "./system/temporary-folder.ts";
export type { WaitUntilOptions } from "./system/wait-until.ts";
export { waitUntil } from "./system/wait-until.ts";
export type { Key } from "./terminal/key.ts";
export type { ScreenPattern, WaitOptions } from "./terminal/screen-watch.ts";
export type { Terminal, TerminalExit, TerminalOptions } from "./terminal/terminal.ts";
export { openTerminal } from "./terminal/terminal.ts";
