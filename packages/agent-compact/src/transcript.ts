import { type Content, type Message, plainText } from "@claw/agent-core";

export interface TranscriptOptions {
  /** Characters of one result or one call's input. Default: all. */
  readonly maxPart?: number;
}

/** A conversation as text that a person or a model can read. */
export function transcript(messages: readonly Message[], { maxPart }: TranscriptOptions = {}): string {
  const cut = (words: string): string => (maxPart === undefined ? words : shortened(words, maxPart));
  return messages.map((message) => said(message, cut)).join("\n\n");
}

function said(message: Message, cut: (words: string) => string): string {
  switch (message.role) {
    case "user":
      return `${message.origin === "human" ? "User" : `Note (${message.origin})`}: ${cut(wordsOf(message.content))}`;
    case "tool":
      return `Result of ${message.name} (${message.outcome.status}): ${cut(wordsOf(message.outcome.content))}`;
    case "assistant":
      return message.content
        .flatMap((part) => {
          if (part.type === "reasoning") return [];
          if (part.type === "text") return part.text.trim() === "" ? [] : [`Assistant: ${cut(part.text)}`];
          return [`Call of ${part.name}: ${cut(JSON.stringify(part.input))}`];
        })
        .join("\n");
  }
}

function wordsOf(content: Content): string {
  const others = content.filter((part) => part.type !== "text").map((part) => `[${part.type}]`);
  return [plainText(content), ...others].join(" ").trim();
}

/** Its beginning and its end, of whole characters. */
function shortened(words: string, most: number): string {
  if (words.length <= most) return words;
  const half = Math.floor(most / 2);
  const beginning = words.slice(0, half).replace(/[\uD800-\uDBFF]$/, "");
  const end = words.slice(-half).replace(/^[\uDC00-\uDFFF]/, "");
  return `${beginning} [...] ${end}`;
}
