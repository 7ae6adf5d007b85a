export { askLaws } from "./ask-laws.ts";
export { compactLaws } from "./compact-laws.ts";
export { journalLaws } from "./journal-laws.ts";
export type { Law } from "./law.ts";
export { type MachineUnderLaw, machineLaws } from "./machine-laws.ts";
export { modelLaws } from "./model-laws.ts";
export { policyLaws } from "./policy-laws.ts";
export { type SandboxUnderLaw, sandboxLaws } from "./sandbox-laws.ts";
export {
  type Script,
  type ScriptedCall,
  type ScriptedModel,
  type ScriptedReply,
  scriptedModel,
} from "./scripted-model.ts";
export { type ScriptedTool, scriptedToolbox } from "./scripted-toolbox.ts";
export { type SpillStoreUnderLaw, spillStoreLaws } from "./spill-store-laws.ts";
export { stepsLaws } from "./steps-laws.ts";
export { toolboxLaws } from "./toolbox-laws.ts";
export { answerTransportLaw, type TransportLawAnswer, transportLaws } from "./transport-laws.ts";
