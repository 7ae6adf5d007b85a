import { type Fault, FaultError } from "@claw/agent-core";
import type { Agent } from "../agent.ts";
import type { Hibernation } from "../hibernation.ts";
import type { RewindOptions, RewindReport } from "../rewind/rewind.ts";
import type { TaskKeeping } from "../task-keeping.ts";
import type { ActiveRun } from "./active-run.ts";
import type { SessionStore } from "./session-store.ts";

export interface AgentRewindParts extends Pick<SessionStore, "opened" | "stream" | "checkpoints" | "blobs"> {
  readonly active: ActiveRun;
  readonly hibernation: Hibernation;
  readonly keeping: TaskKeeping;
}

/** How an agent goes back in its session. Loaded when it does. */
export function agentRewind(parts: AgentRewindParts): Pick<Agent, "rewind" | "rewindPoints"> {
  const { stream, active, hibernation, keeping, checkpoints, blobs } = parts;
  const { journal, id: session } = parts.opened;

  async function rewind(options: RewindOptions): Promise<RewindReport> {
    await hibernation.wake();
    const { rewindSession } = await import("../rewind/rewind-session.ts");
    const around = { journal, session, stream, checkpoints, blobs };
    return rewindSession(around, options, new AbortController().signal);
  }

  /** A run that began meanwhile would lose its prompt, and a session that fell asleep its conversation. */
  async function rewindAlone(options: RewindOptions): Promise<RewindReport> {
    try {
      return await active.hold(() => rewind(options));
    } finally {
      keeping.settle();
      hibernation.settle();
    }
  }

  return {
    rewindPoints: async () => {
      const { rewindPoints } = await import("../rewind/rewind-session.ts");
      return rewindPoints(journal, session);
    },
    rewind: async (options) => {
      active.refuseSecond();
      if (!stream.isSaved()) throw new FaultError(unsaved);
      return options.dryRun === true ? rewind(options) : rewindAlone(options);
    },
  };
}

const unsaved: Fault = {
  code: "rewind-unsaved",
  message: "This session is not saved, so there is nothing to go back to.",
};
