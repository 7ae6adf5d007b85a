import { toolCallId } from "../ids.ts";
import type { JsonValue } from "../json.ts";
import type { Preparation, Toolbox } from "../ports/toolbox.ts";
import { expectThat } from "./expect-that.ts";
import type { Law } from "./law.ts";

/** The promises of the `Toolbox` port. `valid` is a call that one of its tools takes. */
export function toolboxLaws(
  make: () => Toolbox | Promise<Toolbox>,
  valid: { readonly name: string; readonly input: JsonValue },
): readonly Law[] {
  const prepare = async (name: string, input: JsonValue, malformed?: string): Promise<Preparation> => {
    const toolbox = await make();
    const part = { type: "tool-call", id: toolCallId("law-call"), name, input } as const;
    return toolbox.prepare(malformed === undefined ? part : { ...part, malformed });
  };
  return [
    {
      name: "a call that fits is ready, with the effects of its own input",
      check: async () => {
        const preparation = await prepare(valid.name, valid.input);
        expectThat(preparation.type === "ready", "it is ready");
      },
    },
    {
      name: "an unknown tool is rejected and never executed",
      check: async () => {
        expectThat(
          code(await prepare("no-such-tool", {})) === "unknown-tool",
          "the outcome says unknown-tool",
        );
      },
    },
    {
      name: "names are keys, not properties",
      check: async () => {
        for (const name of ["__proto__", "constructor", "toString"]) {
          expectThat(code(await prepare(name, {})) === "unknown-tool", `"${name}" is an unknown tool`);
        }
      },
    },
    {
      name: "malformed input is rejected and never executed",
      check: async () => {
        const preparation = await prepare(valid.name, "{", "Unexpected end of JSON input");
        expectThat(code(preparation) === "malformed-input", "the outcome says malformed-input");
      },
    },
    {
      name: "specs are stable, named once, and plain JSON",
      check: async () => {
        const { specs } = await make();
        const names = specs.map((spec) => spec.name);
        expectThat(new Set(names).size === names.length, "no name stands twice");
        expectThat(
          JSON.stringify((await make()).specs) === JSON.stringify(specs),
          "they come in the same order again",
        );
      },
    },
  ];
}

function code(preparation: Preparation): string | undefined {
  if (preparation.type === "ready" || preparation.outcome.status !== "failed") return undefined;
  return preparation.outcome.error.code;
}
