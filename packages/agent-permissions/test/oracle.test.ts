import { fileURLToPath } from "node:url";
import { isJsonObject, type JsonObject } from "@claw/agent-core";
import { expect, test } from "vitest";
import { decideLine } from "../src/index.ts";
import { bashRuns } from "./support/bash-oracle.ts";
import { commandLines } from "./support/command-lines.ts";
import { foreseenBy } from "./support/foreseen.ts";
import { labelledCases } from "./support/score-corpus.ts";
import { diskFacts } from "./support/workspace.ts";

const longEnough = 240_000;

test(
  "class 12: every command that bash would run is in the analysis, or the analysis says that it does not know",
  async () => {
    const cases = commandLines(2200, 20261122);
    const { missed, executed } = await compared(cases, "/home/nobody", false);
    expect(missed.map(({ said }) => said)).toEqual([]);
    // The oracle is only worth something if bash really ran most of it.
    expect(executed).toBeGreaterThan(4000);
  },
  longEnough,
);

test(
  "class 12: of the labelled corpus too, and whatever escapes the analysis is not allowed",
  async () => {
    const cases = labelledCases(fileURLToPath(new URL("corpus/shell.jsonl", import.meta.url)));
    const lines = new Map(cases.map((one) => [commandOf(one.case), one]));
    const commands = [...lines.keys()].filter(isFitForBash);
    const { missed, executed } = await compared(commands, "/home/me", true);
    expect(executed).toBeGreaterThan(4000);
    const allowed: string[] = [];
    for (const { source, said } of missed) {
      const line = JSON.stringify({ ...lines.get(source)?.case, mode: "default", rules: {} });
      const decided = await decideLine(line, { paths: diskFacts }, new AbortController().signal);
      if (!("decision" in decided) || decided.decision === "allow") allowed.push(said);
    }
    expect(allowed).toEqual([]);
    // What bash evaluates once more, and what cannot be written down as bytes.
    expect(new Set(missed.map(({ source }) => source)).size).toBeLessThan(20);
  },
  longEnough,
);

function commandOf({ input }: JsonObject): string {
  const command = isJsonObject(input) ? input["command"] : undefined;
  return typeof command === "string" ? command : "";
}

/** Nothing that reaches the network, is endless, or that a list ended by NULs cannot hold. */
function isFitForBash(command: string): boolean {
  return command.length < 3000 && !/\0|\/dev\/(tcp|udp)/.test(command);
}

/** Whatever may make the way go on depend on how a program ended. */
const mayFork = /&&|\|\||!|\b(if|elif|while|until|set|trap|case|wait|errexit|return|exit)\b|\$\?|\(\(/;

interface Comparison {
  readonly missed: readonly { readonly source: string; readonly said: string }[];
  readonly executed: number;
}

/** What bash runs, with programs that succeed and with programs that fail, beside what the analysis foresees. */
async function compared(cases: readonly string[], home: string, restricted: boolean): Promise<Comparison> {
  const missed: { source: string; said: string }[] = [];
  let executed = 0;
  const forked = cases.filter((source) => mayFork.test(source));
  const [done, failed] = await Promise.all([
    bashRuns(cases, { status: 0, home, restricted }),
    bashRuns(forked, { status: 1, home, restricted }),
  ]);
  const failures = new Map(forked.map((source, i) => [source, failed.get(i) ?? []]));
  for (const [i, source] of cases.entries()) {
    const foreseen = foreseenBy(source, home);
    for (const argv of [...(done.get(i) ?? []), ...(failures.get(source) ?? [])]) {
      executed += 1;
      if (!foreseen(argv))
        missed.push({ source, said: `${JSON.stringify(source)} runs ${JSON.stringify(argv)}` });
    }
  }
  return { missed, executed };
}
