import { FaultError } from "@claw/agent-sdk";
import { pointLines, rewindLines } from "../transcript/rewind-lines.ts";
import type { Conversation } from "./conversation.ts";

/** `/rewind`: the points. `/rewind N`: what going back to one would do. `/rewind N yes`: does it. */
export async function rewind({ agent, say, warn }: Conversation, argument: string): Promise<void> {
  const [number = "", word = "", part = ""] = argument.split(/\s+/);
  if (number === "") return say([...pointLines(await agent().rewindPoints()), usage].join("\n"));
  const only = parts.find((each) => each === part);
  if (!/^[1-9]\d{0,8}$/.test(number) || !["", "yes"].includes(word) || (part !== "" && only === undefined)) {
    return warn(usage);
  }
  const how = { to: Number(number), files: only !== "conversation", conversation: only !== "files" };
  try {
    const report = await agent().rewind({ ...how, dryRun: word !== "yes" });
    const next = word === "yes" ? undo(report.undo) : `Nothing was done yet: /rewind ${number} yes does it.`;
    say([...rewindLines(report), next].join("\n"));
  } catch (thrown) {
    if (!FaultError.isInstance(thrown)) throw thrown;
    const { message, hint = "" } = thrown.fault;
    warn(`${message} ${hint}`.trim());
  }
}

const parts = ["files", "conversation"] as const;
const usage = "/rewind N shows what going back to before N does; /rewind N yes [files|conversation] does it.";

function undo(point: number | undefined): string {
  return point === undefined ? "There was nothing to do." : `Done. /rewind ${point} yes takes it back.`;
}
