import type { Steps } from "../ports/steps.ts";
import { expectSettled, expectThat } from "./expect-that.ts";
import type { Law } from "./law.ts";

/** The promises of the `Steps` port. `make` gives fresh ones each time, with nothing performed before. */
export function stepsLaws(make: () => Steps | Promise<Steps>): readonly Law[] {
  const { signal } = new AbortController();
  const options = { kind: "tool", idempotent: false } as const;
  const law = (name: string, check: (steps: Steps) => Promise<void>): Law => ({
    name,
    check: async () => check(await make()),
  });
  const failure = new Error("the step fails");
  const fail = (): Promise<never> => Promise.reject(failure);
  return [
    law("a step is performed once and gives its value", async (steps) => {
      let performed = 0;
      const perform = async (): Promise<unknown> => ({ count: ++performed });
      const value = await steps.step("tool:one", perform, options, signal);
      expectThat(performed === 1, "it is performed exactly once");
      expectThat(JSON.stringify(value) === '{"count":1}', "what it gave is what is returned");
    }),
    law("steps of different keys are different steps", async (steps) => {
      const one = await steps.step("tool:one", async () => 1, options, signal);
      const two = await steps.step("tool:two", async () => 2, options, signal);
      expectThat(one === 1 && two === 2, "each gives its own value");
    }),
    law("steps may overlap", async (steps) => {
      let open: (value: string) => void = () => undefined;
      const opened = new Promise<string>((resolve) => {
        open = resolve;
      });
      const first = steps.step("tool:one", () => opened, options, signal);
      const second = steps.step("tool:two", async () => open("through"), options, signal);
      await expectSettled(second, "one that waits does not hold up another");
      expectThat((await first) === "through", "each gives its own value");
    }),
    law("the rejection of a step passes through", async (steps) => {
      const thrown = await steps.step("tool:one", fail, options, signal).catch((error: unknown) => error);
      expectThat(thrown instanceof Error && thrown.message === failure.message, "its error is what is seen");
    }),
    law("a step hears the signal that it was given", async (steps) => {
      const controller = new AbortController();
      const waiting = steps.step(
        "tool:one",
        (own) =>
          new Promise<string>((resolve) => {
            own.addEventListener("abort", () => resolve("told"), { once: true });
            controller.abort();
          }),
        options,
        controller.signal,
      );
      await expectSettled(waiting, "an abort reaches what is performed");
      expectThat((await waiting.catch(() => "told")) === "told", "an abort reaches what is performed");
    }),
    law("a wait puts its question and gives the answer", async (steps) => {
      let asked = 0;
      const answer = await steps.wait("permission:one", async () => ({ yes: ++asked }), signal);
      expectThat(asked === 1, "the question is put exactly once");
      expectThat(JSON.stringify(answer) === '{"yes":1}', "the answer is what is returned");
    }),
    law("the rejection of a question passes through", async (steps) => {
      const thrown = await steps.wait("permission:one", fail, signal).catch((error: unknown) => error);
      expectThat(thrown instanceof Error && thrown.message === failure.message, "its error is what is seen");
    }),
    law("ids are unique, and can be the name of a file", async (steps) => {
      const ids = Array.from({ length: 1_000 }, () => steps.id());
      expectThat(new Set(ids).size === ids.length, "no id comes twice");
      const name = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;
      expectThat(
        ids.every((id) => name.test(id)),
        "1 to 128 letters, digits, dots, hyphens and underscores",
      );
    }),
    law("chance is a number from 0 up to 1", async (steps) => {
      const numbers = Array.from({ length: 1_000 }, () => steps.random());
      expectThat(
        numbers.every((number) => number >= 0 && number < 1),
        "at least 0 and less than 1",
      );
    }),
    law("the clock tells milliseconds and does not run backwards", async (steps) => {
      const times = Array.from({ length: 1_000 }, () => steps.now());
      expectThat(
        times.every((time, index) => Number.isFinite(time) && time >= (times[index - 1] ?? 0)),
        "each time is a number, and none is before the one before",
      );
    }),
  ];
}
