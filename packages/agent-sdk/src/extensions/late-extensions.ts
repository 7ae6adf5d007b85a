import { dirname } from "node:path";
import { FaultError } from "@claw/agent-core";
import { instructionsSection, managedSettingsFiles } from "@claw/agent-extensions";
import type { AgentOptions } from "../agent-options.ts";
import { addsSomething, speaks } from "./adds-something.ts";
import type { SessionExtensions, SessionExtensionsOptions } from "./session-extensions.ts";

/** The extensions of a session. Nothing of them is loaded while no file and no server adds something. */
export async function lateExtensions(
  options: AgentOptions,
  given: Omit<SessionExtensionsOptions, "isLate">,
): Promise<SessionExtensions> {
  const { cwd, home, claw, settings, opened, servers, plugins = [] } = given;
  const managed = options.managedSettings ?? managedSettingsFiles();
  const hasPlugins = plugins.some(({ skills, commands }) => skills.length + commands.length > 0);
  const isOn = (): boolean => hasPlugins || addsSomething({ cwd, home, claw, managed });
  let loaded: SessionExtensions | undefined;
  let loading: Promise<SessionExtensions> | undefined;
  /** Folders without instructions, as of the last request: many calls of one reply are for files of one folder. */
  const asked = new Set<string>();

  async function load(isLate: boolean): Promise<void> {
    loading ??= import("./session-extensions.ts").then(({ sessionExtensions }) =>
      sessionExtensions(options, { ...given, isLate }),
    );
    loaded = await loading;
  }

  const isTold = opened.session.messages.some(
    (message) => message.role === "user" && message.files !== undefined,
  );
  const hasNames = (settings.get(instructionsSection)?.fileNames.length ?? 0) > 0;
  if (isTold || hasNames || servers !== undefined || isOn()) await load(false);

  return {
    skillTool: loaded?.skillTool,
    used: async (file) => {
      if (loaded === undefined && speaks(dirname(file), asked)) await load(true);
      await loaded?.used(file);
    },
    opening: (call) => async (context, signal) => {
      if (loaded === undefined && isOn()) await load(true);
      return loaded === undefined ? {} : loaded.opening(call)(context, signal);
    },
    inbox: () => {
      asked.clear();
      return loaded?.inbox() ?? [];
    },
    commands: () => loaded?.commands() ?? [],
    skills: () => loaded?.skills() ?? [],
    findCommand: async (name) => {
      if (loaded === undefined && isOn()) await load(true);
      return loaded?.findCommand(name);
    },
    callOf: (name, args) => {
      if (loaded !== undefined) return loaded.callOf(name, args);
      throw new FaultError({ code: "unknown-command", message: `There is no command /${name}.` });
    },
    settle: () => loaded?.settle(),
  };
}
