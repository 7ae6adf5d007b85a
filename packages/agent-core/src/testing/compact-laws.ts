import { checkPlan } from "../compaction.ts";
import type { Compact, CompactionPlan, CompactView } from "../ports/compact.ts";
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
  const plan = (view: CompactView): Promise<CompactionPlan | undefined> =>
    compact(view, new AbortController().signal);
  return [
    each("a plan keeps pairs and the human's last words, and makes the whole smaller", async (view) => {
      const made = await plan(view);
      if (made === undefined) return;
      expectThat(verdictShape.isPlan(made), "it is a strategy's name and its edits");
      const checked = checkPlan(view.messages, made);
      expectThat(
        checked.type === "sound",
        checked.type === "refused" ? `the loop would refuse it: ${checked.reason}` : "",
      );
    }),
    each("a plan is plain JSON", async (view) => {
      const made = await plan(view);
      if (made !== undefined) expectPlain(made);
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
        const made = await plan({ messages: [], cause: "threshold" });
        expectThat(made === undefined, "there is nothing to make shorter");
      },
    },
  ];
}
