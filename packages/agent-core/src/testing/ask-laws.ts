import { toolCallId } from "../ids.ts";
import type { Ask } from "../ports/ask.ts";
import type { PermissionRequest } from "../ports/policy.ts";
import { verdictShape } from "../verdict-shape.ts";
import { expectPlain, expectSettled, expectThat, expectUnchanged } from "./expect-that.ts";
import type { Law } from "./law.ts";

/** The promises of the `Ask` port. `make` gives one that is answered by itself, such as by a scripted person. */
export function askLaws(make: () => Ask | Promise<Ask>): readonly Law[] {
  const request: PermissionRequest = {
    call: toolCallId("law-call"),
    tool: "Write",
    input: { file_path: "/work/a" },
    effects: [{ type: "write", path: "/work/a" }],
    cwd: "/work",
    reason: "It writes.",
    suggestions: ["Edit(a)"],
  };
  return [
    {
      name: "an answer is allow, deny or defer, as plain JSON",
      check: async () => {
        const answer = await (await make())(request, new AbortController().signal);
        expectThat(verdictShape.isAnswer(answer), "the answer is one that the loop understands");
        expectPlain(answer);
      },
    },
    {
      name: "a question without a reason and without suggestions is answered, too",
      check: async () => {
        const { reason: _reason, suggestions: _suggestions, ...bare } = request;
        const answer = await (await make())(bare, new AbortController().signal);
        expectThat(verdictShape.isAnswer(answer), "the answer is one that the loop understands");
      },
    },
    {
      name: "the question is left as it was",
      check: async () => {
        const ask = await make();
        await expectUnchanged(request, () => ask(request, new AbortController().signal));
      },
    },
    {
      name: "a question settles when its signal fires, and a later one is answered all the same",
      check: async () => {
        const ask = await make();
        const controller = new AbortController();
        const asking = ask(request, controller.signal);
        controller.abort();
        await expectSettled(asking, "an abort ends the question");
        await expectSettled(ask(request, AbortSignal.abort()), "a signal that has fired is seen");
        const answer = await ask(request, new AbortController().signal);
        expectThat(verdictShape.isAnswer(answer), "the next question is put as if nothing had been");
      },
    },
  ];
}
