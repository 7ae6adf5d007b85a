import { type AgentOptions, trustWorkspace, workspaceState } from "@claw/agent-sdk";
import { broughtLines } from "../people/brought-lines.ts";
import { visibleSpans } from "../people/visible-spans.ts";
import type { Console } from "../terminal/console.ts";
import { type Line, span } from "../terminal/line.ts";
import { wrap } from "../terminal/wrap.ts";
import { askAtStart, left } from "./ask-at-start.ts";

/**
 * Asks once for each folder that brings something, before anything of it can act. Gives the options with what was
 * answered; `undefined` when the person left. Rejects when the answer cannot be kept.
 */
export async function askTrust(options: AgentOptions, terminal: Console): Promise<AgentOptions | undefined> {
  const { trust, brings } = await workspaceState(options);
  if (trust.trusted || brings.length === 0) return options;
  const why = trust.changed ? "It names other programs than when you trusted it. " : "";
  const question: readonly Line[] = [
    [...visibleSpans(`Do you trust ${trust.folder}?`, ["bold"])],
    [span(`${why}These files of it would act on their own:`)],
    ...broughtLines(brings).map((line) => [span("  "), ...visibleSpans(line)]),
  ];
  const lines = question.flatMap((line) => wrap(line, terminal.columns()));
  terminal.print(lines);
  const isWhole = lines.length + choices.length + 1 <= terminal.rows();
  if (!isWhole) terminal.print(wrap([span(tooLong, "yellow")], terminal.columns()));
  switch (await askAtStart(terminal, isWhole ? choices : choices.slice(0, -1))) {
    case left:
      return undefined;
    case "always":
      await trustWorkspace(options);
      return options;
    case "session":
      return { ...options, trustWorkspace: true };
    default:
      return { ...options, trustWorkspace: false };
  }
}

const choices = [
  { label: "No: go on without them", value: "no" },
  { label: "Yes, in this session", value: "session" },
  { label: "Yes, from now on", value: "always" },
];

const tooLong =
  "This is longer than the screen: scroll up to read all of it. `claw trust add` trusts the folder from now on.";
