import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import type { ModelRef } from "@claw/agent-core";
import {
  type CaseResult,
  type ConformanceScore,
  runConformance,
  scoreConformance,
} from "@claw/agent-provider";
import type { AgentOptions } from "./agent-options.ts";
import { clawFolders } from "./claw-folders.ts";
import { connectModel } from "./connect-model.ts";
import { modelProfilesFile, saveModelProfile } from "./model-profiles.ts";

/** A run of the conformance cases against the model that the options choose. */
export interface Conformance {
  readonly model: ModelRef;
  /** Each result as it is known. */
  readonly results: AsyncIterable<CaseResult>;
  /** What the results so far say. */
  readonly score: () => ConformanceScore;
  /** Keeps the profile for this model, and gives the file that it is in. */
  readonly save: () => Promise<string>;
}

/** Connects the model as an agent would. Nothing is executed: the tools of the cases are not real. */
export async function checkConformance(options: AgentOptions, signal: AbortSignal): Promise<Conformance> {
  const env = options.env ?? process.env;
  const cwd = resolve(options.cwd ?? process.cwd());
  const { home } = clawFolders(cwd, env);
  const { model, ref } = await connectModel(options, { cwd, env });
  const seen: CaseResult[] = [];
  async function* results(): AsyncGenerator<CaseResult> {
    for await (const result of runConformance(model, { signal })) {
      seen.push(result);
      yield result;
    }
  }
  return {
    model: ref,
    results: results(),
    score: () => scoreConformance(seen),
    save: async () => {
      await mkdir(home, { recursive: true, mode: 0o700 });
      await saveModelProfile(home, ref.id, scoreConformance(seen).profile);
      return modelProfilesFile(home);
    },
  };
}
