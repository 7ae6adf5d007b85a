import type { PreparedCall, Toolbox } from "@claw/agent-core";

/** The toolbox, of which each call of a file tool that was done is followed by `used` with the file's path. */
export function watchFiles<Box extends Toolbox>(toolbox: Box, used: (file: string) => Promise<void>): Box {
  return {
    ...toolbox,
    prepare: async (call) => {
      const preparation = await toolbox.prepare(call);
      if (preparation.type !== "ready" || !fileTools.has(preparation.call.tool)) return preparation;
      return { ...preparation, call: watched(preparation.call, used) };
    },
  };
}

const fileTools: ReadonlySet<string> = new Set(["Read", "Write", "Edit"]);

function watched(call: PreparedCall, used: (file: string) => Promise<void>): PreparedCall {
  return {
    ...call,
    run: async (context) => {
      const outcome = await call.run(context);
      if (outcome.status !== "ok") return outcome;
      for (const effect of call.effects) {
        if (effect.type === "read" || effect.type === "write") await used(effect.target ?? effect.path);
      }
      return outcome;
    },
  };
}
