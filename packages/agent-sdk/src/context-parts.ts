import type { Message, ModelRequest } from "@claw/agent-core";

/** One of the things that fill a context. */
export interface ContextPart {
  readonly name: string;
  /** An estimate. */
  readonly tokens: number;
}

/** What a prompt is made of, largest first. `measure` gives the tokens of a prompt. */
export function contextParts(
  { system, tools, messages }: Pick<ModelRequest, "system" | "tools" | "messages">,
  measure: (request: ModelRequest) => number,
): readonly ContextPart[] {
  const empty = measure({ tools: [], messages: [] });
  const of = (request: Partial<ModelRequest>): number =>
    measure({ tools: [], messages: [], ...request }) - empty;
  const kinds = new Map<string, Message[]>();
  for (const message of messages) {
    const kind = kindOf(message);
    const some = kinds.get(kind) ?? [];
    some.push(message);
    kinds.set(kind, some);
  }
  const parts: readonly ContextPart[] = [
    { name: "System prompt", tokens: system === undefined ? 0 : of({ system }) },
    { name: "Tools", tokens: of({ tools }) },
    ...[...kinds].map(([name, some]) => ({ name, tokens: of({ messages: some }) })),
  ];
  return parts.filter(({ tokens }) => tokens > 0).sort((left, right) => right.tokens - left.tokens);
}

function kindOf(message: Message): string {
  switch (message.role) {
    case "assistant":
      return "Replies";
    case "tool":
      return `Results of ${message.name.slice(0, 40)}`;
    case "user":
      return kindsOfWords[message.origin];
  }
}

const kindsOfWords = {
  human: "What you said",
  steer: "What you said",
  task: "Background tasks",
  hook: "Hooks",
  instructions: "Instructions",
  skill: "Skills",
  compaction: "Summary of what was before",
  runtime: "Notes of the runtime",
} as const;
