import {
  checkPlugin,
  disablePlugin,
  enablePlugin,
  installPlugin,
  type ListedPlugin,
  listPlugins,
  type ShownPlugin,
  uninstallPlugin,
} from "@claw/agent-sdk";
import { agentOptions } from "../agent-options.ts";
import type { Flags } from "../flags/flags.ts";
import type { PluginAction } from "../flags/plugin-action.ts";
import type { Io } from "../io.ts";
import { jsonLine } from "../json-line.ts";
import { warningText } from "../report-fault.ts";
import { createStreamWriter } from "../stream-writer.ts";
import { printable } from "../terminal/printable.ts";

/** `claw plugin …`. Rejects with the fault of what could not be done. */
export async function runPlugin(action: PluginAction, flags: Flags, io: Io): Promise<number> {
  const writer = createStreamWriter(io.stdout, () => undefined);
  const { output, code } = await perform(action, flags, io);
  await writer.write(output);
  await writer.flush();
  return writer.broken() ? 141 : code;
}

interface Done {
  readonly output: string;
  readonly code: number;
}

async function perform(action: PluginAction, flags: Flags, io: Io): Promise<Done> {
  const options = await agentOptions(flags, io);
  const say = (text: string): Done => {
    io.stderr.write(`${text}\n`);
    return { output: "", code: 0 };
  };
  const isText = flags.outputFormat === "text";
  switch (action.type) {
    case "list": {
      const plugins = await listPlugins(options);
      if (plugins.length === 0 && isText) return say("No plugin is installed.");
      return {
        output: plugins.map((each) => (isText ? listed(each) : jsonLine(each))).join(""),
        code: 0,
      };
    }
    case "add": {
      const plugin = await installPlugin(action.subject, options);
      for (const problem of plugin.problems) io.stderr.write(warningText(problem));
      io.stderr.write(`Installed, and off. claw plugin enable ${plugin.name} lets it act.\n`);
      return { output: isText ? shown(plugin) : jsonLine(plugin), code: 0 };
    }
    case "validate": {
      const plugin = await checkPlugin(action.subject, options);
      for (const problem of plugin.problems) io.stderr.write(warningText(problem));
      const isSound = plugin.problems.every(({ code }) => code === "plugin-ignored");
      return { output: isText ? shown(plugin) : jsonLine(plugin), code: isSound ? 0 : 1 };
    }
    case "enable":
      await enablePlugin(action.subject, options);
      return say(`Enabled: ${printable(action.subject)}, from the next session on.`);
    case "disable":
      await disablePlugin(action.subject, options);
      return say(`Disabled: ${printable(action.subject)}.`);
    case "remove":
      await uninstallPlugin(action.subject, options);
      return say(`Removed: ${printable(action.subject)}, with its data.`);
  }
}

function listed({ name, enabled, isChanged, source, revision, brings }: ListedPlugin): string {
  const state = isChanged ? "changed: not loaded" : enabled ? "on" : "off";
  const from = revision === undefined ? source : `${source} (${revision})`;
  return `${name}  ${state}  ${printable(from)}\n${lines(brings)}`;
}

function shown({ name, format, brings }: ShownPlugin): string {
  return `${name}  ${format}\n${lines(brings)}`;
}

function lines(brings: readonly string[]): string {
  return brings.map((line) => `    ${printable(line)}\n`).join("");
}
