import { checkPlan } from "../compaction.ts";
import type { Compact, CompactionPlan, CompactView, ContextExhausted } from "../ports/compact.ts";
import { verdictShape } from "../verdict-shape.ts";
import { expectPlain, expectSettled, expectThat, expectUnchanged } from "./expect-that.ts";
import type { Law } from "./law.ts";

/** The promises of the `Compact` port. At least one of the views should be one that it makes shorter. */
export function compactLaws(compact: Compact, views: readonly CompactView[]): readonly Law[] {
  const each = (name: string, check: (view: CompactView) => Promise<void>): Law => ({
    name,
    check: async () => {
      for (const view of views) await check(view);
    },
  });
  const made = (view: CompactView): Promise<CompactionPlan | ContextExhausted | undefined> =>
    compact(view, new AbortController().signal);
  const plan = async (view: CompactView): Promise<CompactionPlan | undefined> => {
    const answer = await made(view);
    return answer === undefined || "exhausted" in answer ? undefined : answer;
  };
  return [
    each("a plan keeps pairs and the human's last words, and makes the whole smaller", async (view) => {
      const answer = await plan(view);
      if (answer === undefined) return;
      expectThat(verdictShape.isPlan(answer), "it is a strategy's name and its edits");
      const checked = checkPlan(view.messages, answer);
      expectThat(
        checked.type === "sound",
        checked.type === "refused" ? `the loop would refuse it: ${checked.reason}` : "",
      );
    }),
    each("a plan is plain JSON", async (view) => {
      const answer = await made(view);
      if (answer !== undefined) expectPlain(answer);
    }),
    each("the view is left as it was", (view) => expectUnchanged(view, () => plan(view))),
    each("it settles when its signal fires", async (view) => {
      await expectSettled(compact(view, AbortSignal.abort()), "a signal that has fired is seen");
      const controller = new AbortController();
      const making = compact(view, controller.signal);
      controller.abort();
      await expectSettled(making, "an abort ends the making of a plan");
    }),
    {
      name: "a conversation of nothing is left alone",
      check: async () => {
        const nobody = (): Promise<never> => Promise.reject(new Error("there is nobody to ask"));
        const answer = await made({ messages: [], cause: "threshold", compactions: 0, ask: nobody });
        expectThat(answer === undefined, "there is nothing to make shorter");
      },
    },
  ];
}
