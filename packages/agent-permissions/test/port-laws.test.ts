import type { Effect, PermissionRequest, Policy } from "@claw/agent-core";
import { toolCallId } from "@claw/agent-core";
import { policyLaws } from "@claw/agent-core/testing";
import { createPolicy, createRuleBook, first, permissionModes, strictest } from "@claw/agent-permissions";
import { describe, test } from "vitest";
import { diskFacts } from "./support/workspace.ts";

const cwd = process.cwd();

function policyOf(mode: (typeof permissionModes)[number], rules = createRuleBook()): Policy {
  return createPolicy({
    mode: () => mode,
    rules,
    cwd,
    directories: () => [cwd],
    paths: diskFacts,
    home: "/home/nobody",
  });
}

const request = (effects: readonly Effect[]): PermissionRequest => ({
  call: toolCallId("call-1"),
  tool: "Tool",
  input: {},
  effects,
  cwd,
});
const samples: readonly PermissionRequest[] = [
  request([{ type: "read", path: `${cwd}/package.json` }]),
  request([{ type: "write", path: `${cwd}/new.txt` }]),
  request([{ type: "write", path: `${cwd}/.git/config` }]),
  request([{ type: "shell", command: "git status && rm -rf ~", cwd }]),
  request([{ type: "shell", command: '$(eval "$x") <(cat) {a,b', cwd }]),
  request([
    { type: "read", path: `${cwd}/a` },
    { type: "net", url: "http://127.0.0.1:1/", method: "POST" },
  ]),
];

for (const mode of permissionModes) {
  describe(`createPolicy keeps the laws of its port in the mode ${mode}`, () => {
    for (const law of policyLaws(policyOf(mode), samples)) test(law.name, law.check);
  });
}

describe("policies together keep the laws of their port", () => {
  const silent: Policy = () => undefined;
  const strict: Policy = () => ({ type: "deny", reason: "no" });
  for (const law of policyLaws(strictest(policyOf("default"), silent, strict), samples)) {
    test(`strictest: ${law.name}`, law.check);
  }
  for (const law of policyLaws(first(silent, policyOf("default")), samples)) {
    test(`first: ${law.name}`, law.check);
  }
});
