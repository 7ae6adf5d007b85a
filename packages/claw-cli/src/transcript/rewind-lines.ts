import { type RewindPoint, type RewindReport, type RewoundFile, visible } from "@claw/agent-sdk";
import { printableLine } from "../terminal/printable.ts";

/** The points of a session, one a line. */
export function pointLines(points: readonly RewindPoint[]): readonly string[] {
  if (points.length === 0) return ["Nothing was said in this session yet."];
  return points.map(({ point, before, text, at }) => {
    const time = new Date(at).toISOString().slice(0, 16).replace("T", " ");
    return `${String(point).padStart(4)}  ${time}  ${before === "rewind" ? "(before a rewind)" : printableLine(text)}`;
  });
}

/** What a rewind does, before it is done: each file, and what it cannot know. */
export function rewindLines({
  point,
  files,
  messages,
  messagesBack,
  commands,
}: RewindReport): readonly string[] {
  const touched = files.filter(({ action }) => action !== "none");
  return [
    `Back to before ${point.before === "rewind" ? "the rewind" : `"${printableLine(point.text)}"`}:`,
    ...touched.map((file) => `  ${fileLine(file)}`),
    ...(touched.length === 0 ? ["  no file is changed"] : []),
    ...(messages + messagesBack === 0 ? ["  the conversation stays"] : []),
    ...(messages === 0 ? [] : [`  ${count(messages, "message")} leave the conversation`]),
    ...(messagesBack === 0 ? [] : [`  ${count(messagesBack, "message")} come back into it`]),
    ...(commands === 0
      ? []
      : [
          `  ${count(commands, "command")} ran since then: what they changed is not known, and stays as it is`,
        ]),
  ];
}

/** With what the name hides made visible: somebody is about to have the file changed. */
function fileLine(file: RewoundFile): string {
  const path = visible(file.path).replaceAll("\n", "\\n");
  switch (file.action) {
    case "restore":
      return `restore   ${path}`;
    case "recreate":
      return `recreate  ${path}`;
    case "remove":
      return `remove    ${path}, which this session made`;
    case "none":
      return `keep      ${path}`;
    case "conflict":
      return `LEAVE     ${path}: ${printableLine(file.reason)}`;
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
