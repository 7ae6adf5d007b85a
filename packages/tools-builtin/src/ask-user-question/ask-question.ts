/** A question of the model to the person it works for. */
export interface Question {
  readonly question: string;
  /** A word or two to show above it. */
  readonly header: string;
  /** 2 to 4 where a model asks; up to 4 where an MCP server does, whose questions may want words alone. */
  readonly options: readonly QuestionOption[];
  /** Whether several options may be chosen. */
  readonly multiSelect: boolean;
  /** The sub-agent that asks, by its id; absent: the conversation itself does. */
  readonly agent?: string;
}

export interface QuestionOption {
  readonly label: string;
  readonly description: string;
}

/** What was chosen, said in the person's own words, or both. Neither: this question was skipped. */
export interface QuestionAnswer {
  /** Labels of options. */
  readonly selected: readonly string[];
  readonly text?: string;
}

/**
 * Puts questions to a person: a terminal, an editor, a web page. Gives one answer for each, in order, or `undefined`
 * when the person wants to answer none. Must settle when `signal` fires.
 */
export type AskQuestion = (
  questions: readonly Question[],
  signal: AbortSignal,
) => Promise<readonly QuestionAnswer[] | undefined>;
