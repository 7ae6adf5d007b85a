export { journalLaws } from "./journal-laws.ts";
export type { Law } from "./law.ts";
export { modelLaws } from "./model-laws.ts";
export {
  type Script,
  type ScriptedCall,
  type ScriptedModel,
  type ScriptedReply,
  scriptedModel,
} from "./scripted-model.ts";
export { type ScriptedTool, scriptedToolbox } from "./scripted-toolbox.ts";
export { toolboxLaws } from "./toolbox-laws.ts";
