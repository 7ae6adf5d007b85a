import { FaultError, type JsonObject } from "@claw/agent-core";
import { readLayerFile } from "../settings/read-layer.ts";
import { inside } from "./inside.ts";

export type PluginFaultCode =
  /** It cannot be used, or the named part of it cannot. */
  | "plugin-invalid"
  /** It says something that means nothing here. */
  | "plugin-ignored"
  /** It is not what was installed. */
  | "plugin-changed"
  | "plugin-unknown"
  | "plugin-exists"
  /** It could not be fetched. */
  | "plugin-unreachable";

/** A file of a plugin that holds a JSON object. Rejects with `plugin-invalid`. */
export async function readPluginFile(root: string, named: string): Promise<JsonObject> {
  const file = await inside(root, named);
  if (file === undefined)
    throw pluginFault("plugin-invalid", `${named} is not there, or leads out of the plugin`);
  const content = await readLayerFile({ file });
  if (content.type === "read") return content.values;
  throw pluginFault("plugin-invalid", `${named} holds no JSON object`);
}

export function pluginFault(code: PluginFaultCode, why: string, hint?: string): FaultError<PluginFaultCode> {
  return new FaultError({ code, message: `${why}.`, ...(hint === undefined ? {} : { hint }) });
}
