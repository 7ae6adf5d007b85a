import type { UserMessage } from "../message.ts";

/** Hands over what arrived since the last call (steering, task notices). Drained before each request. */
export type Inbox = () => readonly UserMessage[];
