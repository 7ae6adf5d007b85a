import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { LlamacppModule } from "@claw/agent-provider";

/**
 * The optional package `node-llama-cpp`: installed beside this one, or in the folder that `CLAW_NODE_LLAMA_CPP` names.
 * Never from the working directory: what lies there is not trusted to run. Rejects as Node does when it is not there.
 */
export async function loadLlamacpp(
  env: Readonly<Record<string, string | undefined>>,
): Promise<LlamacppModule> {
  const folder = env["CLAW_NODE_LLAMA_CPP"];
  const specifier = folder ? pathToFileURL(installedIn(resolve(folder))).href : packageName;
  // The package by its shape: its types are not installed with this one.
  return (await import(specifier)) as LlamacppModule;
}

const packageName: string = "node-llama-cpp";

function installedIn(folder: string): string {
  return createRequire(join(folder, "package.json")).resolve(packageName);
}
