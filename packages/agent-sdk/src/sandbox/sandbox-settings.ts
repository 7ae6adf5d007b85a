import { mergeSandboxSettings, type Settings, sandboxSection } from "@claw/agent-extensions";
import type { SandboxOptions } from "./sandbox-options.ts";

/** What counts of the sandbox's settings: managed ones over what the host says, that over all others. */
export function sandboxSettings(settings: Settings, given: SandboxOptions = {}): SandboxOptions {
  const { backend, ...own } = given;
  const entries = settings.entries(sandboxSection);
  const isManaged = ({ layer }: (typeof entries)[number]): boolean => layer.scope === "managed";
  const managed = entries.filter(isManaged).map(({ value }) => value);
  const others = entries.filter((entry) => !isManaged(entry)).map(({ value }) => value);
  const merged = [...others, own, ...managed].reduce(mergeSandboxSettings, {});
  return { ...merged, ...(backend === undefined ? {} : { backend }) };
}
