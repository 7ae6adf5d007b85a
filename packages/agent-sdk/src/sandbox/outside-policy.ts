import { type Decision, type Effect, isJsonObject, type JsonValue, type Policy } from "@claw/agent-core";
import { commandPrograms } from "@claw/agent-permissions";
import { outsideParameter } from "@claw/tools-builtin";
import { excludedPrograms } from "./excludes.ts";

export interface OutsideOptions {
  readonly required: boolean;
  readonly excludedCommands: readonly string[];
  readonly home: string;
}

/**
 * What a model wants outside of the sandbox is asked about in every mode, whatever rules allow: else the boundary would
 * be the model's to lift. A command that the settings exclude takes only what shows its output with it.
 */
export function outsidePolicy({ required, excludedCommands, home }: OutsideOptions): Policy {
  return async ({ input, effects }): Promise<Decision | undefined> => {
    const outside = effects.filter(isOutside);
    if (outside.length === 0) return undefined;
    if (asksOutside(input)) return required ? refused : asked;
    const known = new Set([...excludedPrograms(excludedCommands), ...showers]);
    for (const effect of outside) {
      if (effect.type === "exec") continue;
      const programs = await commandPrograms(effect.command, home);
      const other = programs?.find((name) => !known.has(name)) ?? disguised(effect.command, known);
      if (programs === undefined || other !== undefined) return besides(other);
    }
    return undefined;
  };
}

/** What makes a name mean another program than the one on `PATH`: a variable, or a folder before it. */
function disguised(command: string, names: ReadonlySet<string>): string | undefined {
  const text = command.replace(/["'\\]/g, "");
  const variable = /(?:^|[;&|(\n]\s*)(\w+\+?=\S*)/.exec(text)?.[1];
  const placed = [...text.matchAll(/[^\s;&|()]*\/([^\s;&|()/]+)/g)].find(([, name = ""]) => names.has(name));
  return variable ?? placed?.[0];
}

type Command = Extract<Effect, { readonly type: "shell" | "exec" }>;

function isOutside(effect: Effect): effect is Command {
  return (effect.type === "shell" || effect.type === "exec") && effect.confined === false;
}

function asksOutside(input: JsonValue): boolean {
  return isJsonObject(input) && input[outsideParameter] === true;
}

const asked: Decision = {
  type: "ask",
  reason: "The model wants this to run outside of the sandbox, and that is always asked about.",
};

const refused: Decision = {
  type: "deny",
  reason: "Commands have to run in the sandbox here: what the model wants outside of it is refused.",
};

function besides(program: string | undefined): Decision {
  const what = program === undefined ? "What would run" : `\`${program}\` would run`;
  return {
    type: "ask",
    reason: `${what} outside of the sandbox, beside a command that the settings exclude from it.`,
  };
}

/** They pass on what they read, or choose from it. */
const showers: readonly string[] = "cd echo true false cat head tail grep egrep fgrep wc cut tr jq".split(
  " ",
);
