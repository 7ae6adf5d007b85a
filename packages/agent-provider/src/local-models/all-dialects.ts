import { argKeyTag } from "./dialects/arg-key-tag.ts";
import { bareJson } from "./dialects/bare-json.ts";
import { deepseekMarker } from "./dialects/deepseek-marker.ts";
import type { Dialect } from "./dialects/dialect.ts";
import { dsmlTag } from "./dialects/dsml-tag.ts";
import { fencedJson } from "./dialects/fenced-json.ts";
import { functionTag } from "./dialects/function-tag.ts";
import { harmony } from "./dialects/harmony.ts";
import { invokeTag } from "./dialects/invoke-tag.ts";
import { kimiMarker } from "./dialects/kimi-marker.ts";
import { mistralMarker } from "./dialects/mistral-marker.ts";
import { pythonCall } from "./dialects/python-call.ts";
import { toolCallTag } from "./dialects/tool-call-tag.ts";

/** Every dialect; where two could read one text, the stricter one comes first. */
export const allDialects: readonly Dialect[] = [
  toolCallTag,
  functionTag,
  argKeyTag,
  invokeTag,
  dsmlTag,
  deepseekMarker,
  kimiMarker,
  harmony,
  mistralMarker,
  pythonCall,
  bareJson,
  fencedJson,
];
