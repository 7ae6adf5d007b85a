import { thrownText } from "./fault.ts";
import type { UserMessage } from "./message.ts";
import { messageShape } from "./message-shape.ts";
import type { Inbox } from "./ports/inbox.ts";

/** What arrives for a run while it goes on: steering, and what its inbox holds. Nothing that was accepted is lost. */
export interface Mail {
  /** `false`: the run has ended and did not take it. */
  readonly steer: (message: UserMessage) => boolean;
  /** Whether something waits that was said, the inbox aside. */
  readonly hasMore: () => boolean;
  /** What arrived since the last time. */
  readonly take: () => readonly UserMessage[];
  /** The same; when there is nothing, no more is accepted from this moment on. */
  readonly takeOrClose: () => readonly UserMessage[];
  /** Accepts no more, and gives what was steered and not taken. The inbox keeps its own. */
  readonly close: () => readonly UserMessage[];
}

/** `onBroken` is told once why an inbox cannot be used; the run goes on without it. */
export function createMail(inbox: Inbox | undefined, onBroken: (why: string) => void): Mail {
  const steering: UserMessage[] = [];
  let source = inbox;
  let open = true;

  function fromInbox(): readonly UserMessage[] {
    try {
      const news = [...(source?.() ?? [])];
      if (news.every(messageShape.isUserMessage)) return news;
      throw new Error("it held something that is no message of a user");
    } catch (error) {
      source = undefined;
      onBroken(thrownText(error));
      return [];
    }
  }

  const take = (): readonly UserMessage[] => [...fromInbox(), ...steering.splice(0)];

  return {
    steer(message) {
      if (open) steering.push(message);
      return open;
    },
    hasMore: () => steering.length > 0,
    take,
    takeOrClose() {
      const news = take();
      open = news.length > 0;
      return news;
    },
    close() {
      open = false;
      return steering.splice(0);
    },
  };
}
