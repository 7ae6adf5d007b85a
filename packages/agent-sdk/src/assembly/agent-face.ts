import { type Fault, FaultError } from "@claw/agent-core";
import type { Agent } from "../agent.ts";
import { isUnfinished } from "../is-unfinished.ts";
import { agentListing } from "../sub-agents/assemble-agents.ts";
import { agentRewind } from "./agent-rewind.ts";
import type { AgentRunner, RunnerParts } from "./agent-runner.ts";

export interface FaceParts extends RunnerParts {
  readonly runner: AgentRunner;
  readonly close: () => Promise<void>;
}

/** What whoever made an agent has of it. */
export function agentFace(parts: FaceParts): Agent {
  const { opened, permissions, mcp, extensions, toolbox, model, active, close } = parts;
  const { begin, hibernation, keeping } = parts.runner;
  const { isAsleep } = hibernation;
  return {
    session: opened.id,
    cwd: parts.cwd,
    agents: agentListing(parts.definitions),
    workspaceTrust: parts.trust,
    warnings: parts.warnings,
    tasks: parts.tasks,
    onNews: keeping.onNews,
    get hasNews() {
      return keeping.hasNews();
    },
    tools: toolbox.specs,
    ...(mcp === undefined ? {} : { mcp: mcp.mcp }),
    expand: (prompt, signal = new AbortController().signal) =>
      mcp === undefined ? Promise.resolve(prompt) : mcp.expand(prompt, signal),
    get model() {
      return model.connection().ref;
    },
    get messages() {
      if (isAsleep()) throw new FaultError(asleep);
      return opened.session.messages;
    },
    get rewrittenInputs() {
      return opened.session.rewrittenInputs;
    },
    get usage() {
      return opened.session.usage;
    },
    get permissionMode() {
      return permissions.mode();
    },
    sandbox: parts.confinement.state,
    get pendingPermissions() {
      return opened.session.pendingPermissions;
    },
    get unfinished() {
      return active.current() === undefined && !isAsleep() && isUnfinished(opened.session);
    },
    run: (prompt, runOptions) => begin(prompt, runOptions),
    resume: (runOptions) => begin(undefined, runOptions),
    get commands() {
      return extensions.commands();
    },
    findCommand: extensions.findCommand,
    runCommand: (name, args = "", runOptions) =>
      begin(`/${name} ${args}`.trim(), runOptions, { call: extensions.callOf(name, args) }),
    compact: (instructions, runOptions) =>
      begin(undefined, runOptions, { onlyMakeRoom: instructions === undefined ? {} : { instructions } }),
    setModel: async (name) => (await model.change(name)).ref,
    setPermissionMode: permissions.setMode,
    redact: parts.redactor?.text ?? ((text) => text),
    get asleep() {
      return isAsleep();
    },
    ...agentRewind({ ...parts, hibernation, keeping }),
    hibernate: hibernation.sleep,
    wake: hibernation.wake,
    context: async (meter) => {
      await hibernation.wake();
      const { measureContext } = await import("../context-meter.ts");
      const prompt = { system: parts.system, tools: toolbox.specs, messages: opened.session.messages };
      return measureContext(model.connection(), parts.gauge, prompt, meter);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const asleep: Fault = {
  code: "session-asleep",
  message: "The conversation was put away while the agent is idle.",
  hint: "Await agent.wake() first.",
};
