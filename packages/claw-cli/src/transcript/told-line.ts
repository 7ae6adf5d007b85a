import { plainText, type UserMessage } from "@claw/agent-sdk";
import { type Line, span } from "../terminal/line.ts";
import { printableLine } from "../terminal/printable.ts";

/**
 * What the model is told by somebody else than the person, on one line that says by whom. `undefined` for words of the
 * person, of files and of servers.
 */
export function toldLine({ origin, content, files, server }: UserMessage): Line | undefined {
  const by = files === undefined && server === undefined ? tellers[origin] : undefined;
  if (by === undefined) return undefined;
  return [
    span("◆ ", "cyan"),
    ...(by === "" ? [] : [span(`${by}: `, "cyan")]),
    span(printableLine(plainText(content), 300), "dim"),
  ];
}

/** The end of a task and the words of a command speak for themselves. */
const tellers: Readonly<Record<UserMessage["origin"], string | undefined>> = {
  human: undefined,
  steer: undefined,
  instructions: undefined,
  task: "",
  skill: "",
  hook: "hook to the model",
  runtime: "runtime to the model",
  compaction: "shortened to",
};
