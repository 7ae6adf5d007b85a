export { boundText } from "./bound-text.ts";
export { createToolbox, type ToolboxOptions } from "./create-toolbox.ts";
export { defineTool } from "./define-tool.ts";
export { failed } from "./failed.ts";
export { type JsonSchemaOptions, jsonSchema } from "./json-schema.ts";
export { ok } from "./ok.ts";
export { createTextSink, type SinkText, type TextSink, type TextSinkOptions } from "./text-sink.ts";
export type { AnyTool, EffectContext, Tool, ToolContext, ToolFace, ToolResult } from "./tool.ts";
export type { ToolInput, ToolSchema } from "./tool-schema.ts";
