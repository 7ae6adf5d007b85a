import { profileFor, recogniseToolCalls } from "@claw/agent-provider";
import type { Connection } from "./connect-model.ts";
import { readModelProfiles } from "./model-profiles.ts";

/** Local models may write their calls as text; the profile says whether this one does, and how. */
export async function withProfile(connected: Connection, home: string): Promise<Connection> {
  const profile = profileFor(connected.ref.id, await readModelProfiles(home));
  return { ...connected, model: recogniseToolCalls(connected.model, profile) };
}
