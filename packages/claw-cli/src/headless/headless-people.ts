import { type Ask, type AskQuestion, deferQuestions } from "@claw/agent-sdk";
import type { Flags } from "../flags/flags.ts";
import type { Io } from "../io.ts";

export interface People {
  readonly ask?: Ask;
  readonly question?: AskQuestion;
}

/**
 * Who can be asked during one query: the person at the terminal, where stdin and stderr are one that can be drawn on.
 * Elsewhere nobody, and the SDK denies with that reason; or somebody later, where questions are put off.
 */
export function headlessPeople(flags: Flags, io: Io, rulesFile: string, onInterrupt: () => void): People {
  if (flags.deferPermissions) return { ask: deferQuestions };
  // stdin last: to look at it is to open it.
  if (io.stderr.isTTY !== true || io.env["TERM"] === "dumb" || io.stdin.isTTY !== true) return {};
  return {
    ask: async (request, signal) => {
      const { createAskPermission } = await import("../people/ask-permission.ts");
      const { withConsole } = await import("../terminal/with-console.ts");
      return withConsole(io, (terminal) =>
        createAskPermission({ terminal: () => terminal, rulesFile, onInterrupt })(request, signal),
      );
    },
    question: async (questions, signal) => {
      const { createAskQuestion } = await import("../people/ask-question.ts");
      const { withConsole } = await import("../terminal/with-console.ts");
      return withConsole(io, (terminal) =>
        createAskQuestion({ terminal: () => terminal, onInterrupt })(questions, signal),
      );
    },
  };
}
