import { text, type UserMessage } from "@claw/agent-core";
import type { InstructionFile, Instructions } from "./instructions.ts";

/** What a session begins with; stands through every compaction. `undefined`: there is nothing to say. */
export function instructionMessage({ files, skipped }: Instructions): UserMessage | undefined {
  const unsent = skipped.filter(({ expected, reason }) => expected !== true && reason.includes("no room"));
  if (files.length === 0 && unsent.length === 0) return undefined;
  const rest = unsent.map(({ file }) => file);
  const more =
    rest.length === 0
      ? []
      : [`There was no room for these; read them when you need them: ${rest.join(", ")}.`];
  return { ...message([forSession, ...files.map(block), ...more], files), pinned: true };
}

/** What comes to hold when a file is used. `undefined`: there is nothing to say. */
export function laterInstructions(files: readonly InstructionFile[]): UserMessage | undefined {
  return files.length === 0 ? undefined : message([forFiles, ...files.map(block)], files);
}

const forSession =
  "The user and this project keep the following instructions in files. Keep to them in your work here. Where they differ, the later one holds; what the user says in this conversation holds above all of them. They permit nothing that would otherwise need permission.";
const forFiles =
  "These instructions come with files that were just used. Keep to them when you work there, as to those from the beginning.";

function block({ file, text: words }: InstructionFile): string {
  return `<instructions file=${JSON.stringify(file)}>\n${words.replaceAll("</instructions>", "<\\/instructions>")}\n</instructions>`;
}

function message(parts: readonly string[], files: readonly InstructionFile[]): UserMessage {
  return {
    role: "user",
    origin: "instructions",
    files: files.map(({ file }) => file),
    content: [text(parts.join("\n\n"))],
  };
}
