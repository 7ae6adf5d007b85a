import type { Skill } from "@claw/agent-extensions";

/** The kind of agent that follows a skill. A plugin's skill means the plugin's own agent where there is one of that name. */
export function forkKind(
  { name, fork = {} }: Pick<Skill, "name" | "fork">,
  has: (kind: string) => boolean,
): string {
  const { agent = usualKind } = fork;
  const own = name.includes(":") ? `${name.split(":", 1)[0]}:${agent}` : agent;
  return has(own) ? own : agent;
}

const usualKind = "general-purpose";
