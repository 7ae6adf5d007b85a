import { type Message, plainText } from "@claw/agent-core";
import { type Script, type ScriptedReply, scriptedModel } from "@claw/agent-core/testing";
import type { AgentOptions, ModelRequest } from "@claw/agent-sdk";
import type { TestFolder } from "@claw/testkit";

/** An agent of the preset `coding` that works in `work` of a test's folder; its user lives in `home`. */
export function extendedAgent(
  { at }: TestFolder,
  script: Script,
  more: AgentOptions = {},
): { readonly given: AgentOptions; readonly requests: readonly ModelRequest[] } {
  const { model, ref, requests } = scriptedModel(script);
  const given: AgentOptions = {
    preset: "coding",
    connection: { model, ref },
    cwd: at("work"),
    env: { PATH: process.env["PATH"], HOME: at("home"), CLAW_HOME: at("home/.claw") },
    managedSettings: [at("etc/settings.json")],
    ...more,
  };
  return { given, requests };
}

/** What is said, tool results included. */
export function texts(messages: readonly Message[]): readonly string[] {
  return messages.map((message) =>
    plainText(message.role === "tool" ? message.outcome.content : message.content),
  );
}

export const done: ScriptedReply = { text: "done" };

export function call(name: string, input: Readonly<Record<string, string>>): ScriptedReply {
  return { calls: [{ name, input }] };
}

export const load = (skill: string, args?: string): ScriptedReply =>
  call("Skill", { skill, ...(args === undefined ? {} : { args }) });

export const bash = (command: string): ScriptedReply => call("Bash", { command });

/** Starts the agent of this kind. */
export const delegate = (kind: string, prompt = "Do it."): ScriptedReply =>
  call("Agent", { description: "do it", prompt, subagent_type: kind });
