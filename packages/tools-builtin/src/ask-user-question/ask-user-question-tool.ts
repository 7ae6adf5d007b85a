import { type CallContext, type JsonValue, type ToolOutcome, thrownText } from "@claw/agent-core";
import { type AnyTool, defineTool, failed, jsonSchema, ok } from "@claw/agent-tools";
import type { AskQuestion, Question, QuestionAnswer, QuestionOption } from "./ask-question.ts";

export interface AskUserQuestionInput {
  /** 1 to 4. */
  readonly questions: readonly QuestionInput[];
}

export interface QuestionInput {
  readonly question: string;
  readonly header: string;
  /** 2 to 4. */
  readonly options: readonly QuestionOption[];
  /** `false` by default. */
  readonly multiSelect?: boolean;
}

/** Lets the model ask the person. Without `ask` nobody is there: the call fails at once and says so. */
export function askUserQuestionTool(options: { readonly ask?: AskQuestion }): AnyTool {
  return defineTool({
    name: "AskUserQuestion",
    description:
      "Asks the person 1 to 4 questions, each with 2 to 4 options; they can also answer in their own words. Only " +
      "for decisions that are theirs and that neither the request nor the files answer.",
    input: jsonSchema<AskUserQuestionInput>({
      type: "object",
      properties: {
        questions: {
          type: "array",
          minItems: 1,
          maxItems: 4,
          items: {
            type: "object",
            properties: {
              question: { type: "string", minLength: 1 },
              header: { type: "string", description: "A word or two" },
              options: {
                type: "array",
                minItems: 2,
                maxItems: 4,
                items: {
                  type: "object",
                  properties: {
                    label: { type: "string", minLength: 1 },
                    description: { type: "string" },
                  },
                  required: ["label", "description"],
                  additionalProperties: false,
                },
              },
              multiSelect: { type: "boolean", description: "Several may be chosen. Default false" },
            },
            required: ["question", "header", "options"],
            additionalProperties: false,
          },
        },
      },
      required: ["questions"],
      additionalProperties: false,
    }),
    effects: () => [],
    // Asked again, the person may answer otherwise.
    effectClass: () => "unknown",
    concurrent: () => false,
    // A person takes the time they take; the run's own limits and its cancel still hold.
    timeoutMs: Number.POSITIVE_INFINITY,
    run: (input, context) => askPerson(options.ask, input, context),
  });
}

async function askPerson(
  ask: AskQuestion | undefined,
  input: AskUserQuestionInput,
  context: CallContext,
): Promise<ToolOutcome> {
  if (ask === undefined) return failed("unavailable", `Nobody can be asked in this session. ${onYourOwn}`);
  const questions = input.questions.map(
    (each): Question => ({ ...each, multiSelect: each.multiSelect === true }),
  );
  try {
    const answers = await ask(questions, context.signal);
    if (answers === undefined)
      return ok(`The person did not want to answer. ${onYourOwn}`, { answers: null });
    const said = questions.map((question, index) => `${question.question}\n→ ${spoken(answers[index])}`);
    return ok(said.join("\n\n"), {
      answers: questions.map((question, index) => details(question, answers[index])),
    });
  } catch (thrown) {
    context.signal.throwIfAborted();
    return failed("unavailable", `The question could not be asked: ${thrownText(thrown)} ${onYourOwn}`);
  }
}

const onYourOwn = "Go on with the most sensible choice and say which one you made.";

function spoken(answer: QuestionAnswer | undefined): string {
  const text = answer?.text ?? "";
  const said = [...(answer?.selected ?? []), ...(text === "" ? [] : [`in their own words: ${text}`])];
  return said.length === 0 ? "(skipped)" : said.join(", ");
}

function details(question: Question, answer: QuestionAnswer | undefined): JsonValue {
  const selected = answer?.selected ?? [];
  return {
    question: question.question,
    selected,
    ...(answer?.text === undefined ? {} : { text: answer.text }),
  };
}
