import type { StreamWriter } from "../stream-writer.ts";
import type { Output } from "./output.ts";

/** For a pipe or a file: the answer's text and one newline, once it is there, and nothing else. */
export function createTextOutput(stdout: StreamWriter): Output {
  return {
    session: async () => undefined,
    event: async () => undefined,
    result: async (_agent, { text }) => {
      const answer = text.replace(/\n+$/, "");
      if (answer !== "") await stdout.write(`${answer}\n`);
    },
    failure: async () => undefined,
  };
}
