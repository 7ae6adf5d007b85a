import { thrownText } from "@claw/agent-core";

/** `fetch failed` says nothing: what is behind it does. */
export function causeText(error: unknown): string {
  let last = error;
  while (last instanceof Error && last.cause !== undefined) last = last.cause;
  const words = thrownText(error);
  const inner = thrownText(last);
  return words.includes(inner) ? words : `${words} (${inner})`;
}
