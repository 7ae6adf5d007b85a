import type { ContextPart } from "@claw/agent-sdk";
import type { Conversation } from "./conversation.ts";

/** `/context`: how full the window is, and what fills it. */
export async function showContext({ agent, say }: Conversation): Promise<void> {
  const { tokens, window, parts } = await agent().context();
  const whole =
    window === undefined ? "of a window that nobody knows" : `of ${count(window)} (${share(tokens, window)})`;
  say(
    [`About ${count(tokens)} tokens ${whole}`, ...parts.map((part) => row(part, window ?? tokens))].join(
      "\n",
    ),
  );
}

function row({ name, tokens }: ContextPart, whole: number): string {
  return `  ${name.padEnd(24)}${count(tokens).padStart(9)}  ${share(tokens, whole).padStart(4)}`;
}

function count(tokens: number): string {
  return Math.round(tokens).toLocaleString("en-US");
}

function share(part: number, whole: number): string {
  return `${Math.round((100 * part) / Math.max(1, whole))} %`;
}
