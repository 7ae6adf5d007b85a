import { bareJson } from "./dialects/bare-json.ts";
import type { Dialect } from "./dialects/dialect.ts";
import { fencedJson } from "./dialects/fenced-json.ts";
import { functionTag } from "./dialects/function-tag.ts";
import { invokeTag } from "./dialects/invoke-tag.ts";
import { mistralMarker } from "./dialects/mistral-marker.ts";
import { pythonCall } from "./dialects/python-call.ts";
import { toolCallTag } from "./dialects/tool-call-tag.ts";

/** Every dialect; where two could read one text, the stricter one comes first. */
export const allDialects: readonly Dialect[] = [
  toolCallTag,
  functionTag,
  invokeTag,
  mistralMarker,
  pythonCall,
  bareJson,
  fencedJson,
];
