import { type Fault, FaultError } from "@claw/agent-core";
import type { Agent } from "../agent.ts";
import type { Hibernation } from "../hibernation.ts";
import type { ActiveRun } from "./active-run.ts";
import type { SessionStore } from "./session-store.ts";

export interface AgentRewindParts extends Pick<SessionStore, "opened" | "stream" | "checkpoints" | "blobs"> {
  readonly active: ActiveRun;
  readonly hibernation: Hibernation;
}

/** How an agent goes back in its session. Loaded when it does. */
export function agentRewind(parts: AgentRewindParts): Pick<Agent, "rewind" | "rewindPoints"> {
  const { stream, active, hibernation, checkpoints, blobs } = parts;
  const { journal, id: session } = parts.opened;
  return {
    rewindPoints: async () => {
      const { rewindPoints } = await import("../rewind/rewind-session.ts");
      return rewindPoints(journal, session);
    },
    rewind: async (options) => {
      active.refuseSecond();
      if (!stream.isSaved()) throw new FaultError(unsaved);
      await hibernation.wake();
      const { rewindSession } = await import("../rewind/rewind-session.ts");
      const around = { journal, session, stream, checkpoints, blobs };
      return rewindSession(around, options, new AbortController().signal);
    },
  };
}

const unsaved: Fault = {
  code: "rewind-unsaved",
  message: "This session is not saved, so there is nothing to go back to.",
};
