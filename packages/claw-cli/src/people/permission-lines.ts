import type { CommandPlace, Effect, PermissionRequest } from "@claw/agent-sdk";
import { type Line, span } from "../terminal/line.ts";
import { shownPath } from "../transcript/tool-title.ts";
import { block, commandBlock, inputLines, labelled } from "./shown-fields.ts";
import { visibleSpans } from "./visible-spans.ts";

/** The question in full: the whole command or input, with what it hides made visible, its effects and the reason. */
export function permissionLines(request: PermissionRequest): readonly Line[] {
  const effects = request.effects.flatMap((effect) => effectLines(effect, request.cwd));
  const whole = effects.some((each) => each.whole) ? [] : inputLines(request.input);
  return [
    [
      span("? ", "yellow"),
      ...visibleSpans(request.tool, ["bold"]),
      span(" asks for permission", "bold"),
      ...(request.agent === undefined
        ? []
        : [span(" for the sub-agent "), ...visibleSpans(request.agent.id)]),
    ],
    ...effects.flatMap((each) => each.lines),
    ...whole,
    ...(request.reason === undefined ? [] : [[span("  "), ...visibleSpans(request.reason, ["dim"])]]),
  ];
}

interface EffectLines {
  readonly lines: readonly Line[];
  /** The lines already show all that the call was given. */
  readonly whole: boolean;
}

function effectLines(effect: Effect, cwd: string): readonly EffectLines[] {
  switch (effect.type) {
    case "shell":
      return [{ lines: [...block(effect.command), ...place(effect, cwd)], whole: true }];
    case "exec":
      return [{ lines: [...commandBlock(effect.argv), ...place(effect, cwd)], whole: true }];
    case "read":
      return [{ lines: [labelled("reads", shownPath(effect.path, cwd))], whole: false }];
    case "write":
      return [{ lines: [labelled("writes", shownPath(effect.path, cwd))], whole: false }];
    case "net":
      return [{ lines: [labelled(effect.method, effect.url)], whole: false }];
    case "mcp":
      return [{ lines: [labelled("server", `${effect.server}, tool ${effect.tool}`)], whole: false }];
    case "unknown":
      return [{ lines: [labelled("may do", effect.detail)], whole: false }];
  }
}

/** Where the command runs: the folder, when that is not the session's, and whether a sandbox holds it, when there is one. */
function place(effect: CommandPlace, cwd: string): readonly Line[] {
  const folder = effect.cwd === cwd ? [] : [labelled("in", effect.cwd)];
  if (effect.confined === undefined) return folder;
  return [
    ...folder,
    [
      span(
        effect.confined ? "  in the sandbox" : "  outside of the sandbox",
        effect.confined ? "dim" : "yellow",
      ),
    ],
  ];
}
