import { schemaVersion } from "./event.ts";
import { quickDigest } from "./quick-digest.ts";
import type { Recorder } from "./recorder.ts";
import type { RunOptions } from "./run.ts";

/** Writes down that a run begins, and what of its requests differs from those of the session's run before. */
export async function recordStart(options: RunOptions, recorder: Recorder): Promise<void> {
  const { session, ref, cwd, tools } = options;
  const system = options.system ?? "";
  const { limits, maxOutputTokens, reasoning, output, keptTools: kept = session.keptTools } = options;
  const shape = { ref, system, tools: tools.specs, limits, maxOutputTokens, reasoning, output };
  await recorder.record({
    type: "run-start",
    schema: schemaVersion,
    config: quickDigest(JSON.stringify(shape)),
    model: ref,
    cwd,
    ...(options.agent === undefined ? {} : { agent: options.agent }),
    ...(system === (session.system ?? "") ? {} : { system }),
    ...(JSON.stringify(kept) === JSON.stringify(session.keptTools) ? {} : { tools: kept }),
  });
}
