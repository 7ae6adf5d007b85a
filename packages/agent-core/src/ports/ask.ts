import type { PermissionRequest } from "./policy.ts";

/**
 * Puts a permission question to somebody: a terminal, an editor, a web page, nobody. The loop puts one question at
 * a time. A throw denies. Must settle when `signal` fires.
 */
export type Ask = (request: PermissionRequest, signal: AbortSignal) => Promise<Answer>;

export type Answer =
  | { readonly type: "allow"; readonly remember?: Remember }
  | {
      readonly type: "deny";
      /** `nobody`: there was no one to answer. */
      readonly by: "user" | "nobody";
      /** Said to the model. */
      readonly message?: string;
    }
  /** The answer will come later, perhaps in another process: the run ends with `awaiting-permission`. */
  | { readonly type: "defer" };

/** Rules that an answer adds, and how long they live: this session, or in the user's settings. */
export interface Remember {
  readonly rules: readonly string[];
  readonly scope: "session" | "always";
}

/** Answers every question with a denial that says why: for runs where nobody can be asked. */
export const askNobody: Ask = (request) =>
  Promise.resolve({
    type: "deny",
    by: "nobody",
    message: `${request.reason ?? "This needs a permission."} Nobody can be asked in this session, so it was refused.`,
  });

/** Puts every question off: the run ends with `awaiting-permission`, and whoever resumes it answers. */
export const deferQuestions: Ask = () => Promise.resolve({ type: "defer" });
