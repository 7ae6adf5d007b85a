import { sandboxLaws } from "@claw/agent-core/testing";
import { bubblewrapSandbox, noSandbox, runtimeSandbox } from "@claw/agent-sandbox";
import { afterEach, describe, test } from "vitest";
import { type Workspace, workspace } from "./support/workspace.ts";

const open: Workspace[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each[Symbol.dispose]();
});

function place(): Workspace {
  const made = workspace();
  open.push(made);
  return made;
}

describe.each([
  ["bubblewrap", (records: string) => bubblewrapSandbox({ recordsFolder: records })],
  [
    "a bubblewrap that is not there",
    (records: string) => bubblewrapSandbox({ recordsFolder: records, program: "/no/bwrap" }),
  ],
  ["sandbox-runtime, not installed", () => runtimeSandbox({ load: () => Promise.reject(new Error("none")) })],
  ["none", () => noSandbox({ state: "disabled", reason: "Nobody asked for one." })],
])("%s", (_, make) => {
  for (const law of sandboxLaws(() => {
    const { records, policy } = place();
    return { sandbox: make(records), policy };
  }))
    test(law.name, law.check);
});
