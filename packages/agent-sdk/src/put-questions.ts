import { aborted, type QuestionLine } from "@claw/agent-core";
import type { AskQuestion } from "@claw/tools-builtin";

/** Puts the questions of one agent to the same people, when nothing else is asked, and says which agent asks. */
export function putQuestions(ask: AskQuestion, line: QuestionLine, agent?: string): AskQuestion {
  return async (questions, signal) => {
    const own = agent === undefined ? questions : questions.map((question) => ({ ...question, agent }));
    const answer = await line.put(() => ask(own, signal), signal);
    if (answer === aborted) return undefined;
    if ("threw" in answer) throw new Error(answer.threw);
    return answer.value;
  };
}
