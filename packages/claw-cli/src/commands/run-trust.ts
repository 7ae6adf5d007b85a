import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import {
  type AgentOptions,
  distrustWorkspace,
  FaultError,
  trustedFolders,
  trustWorkspace,
  type WorkspaceState,
  workspaceState,
} from "@claw/agent-sdk";
import { agentOptions } from "../agent-options.ts";
import type { Flags } from "../flags/flags.ts";
import type { TrustAction } from "../flags/trust-action.ts";
import type { Io } from "../io.ts";
import { jsonLine } from "../json-line.ts";
import { broughtLines } from "../people/brought-lines.ts";
import { warningText } from "../report-fault.ts";
import { createStreamWriter } from "../stream-writer.ts";
import { printable } from "../terminal/printable.ts";

/** `claw trust …`. Rejects with the fault of a list that cannot be read or written. */
export async function runTrust(action: TrustAction, flags: Flags, io: Io): Promise<number> {
  const writer = createStreamWriter(io.stdout, () => undefined);
  await writer.write(await output(action, flags, await agentOptions(flags, io), io));
  await writer.flush();
  return writer.broken() ? 141 : 0;
}

async function output(action: TrustAction, flags: Flags, options: AgentOptions, io: Io): Promise<string> {
  const isText = flags.outputFormat === "text";
  switch (action.type) {
    case "show": {
      const state = await workspaceState(options);
      for (const warning of state.warnings) io.stderr.write(warningText(warning));
      return isText ? stateText(state) : jsonLine({ ...state.trust, brings: state.brings });
    }
    case "list": {
      const folders = await trustedFolders(options);
      if (isText && folders.length === 0) io.stderr.write("No folder is trusted.\n");
      return folders
        .map((each) => (isText ? `${printable(each.folder)}  since ${each.since}\n` : jsonLine(each)))
        .join("");
    }
    case "add":
      io.stderr.write(
        `Trusted: ${printable(await trustWorkspace(await named(action.folder, options, io)))}\n`,
      );
      return "";
    case "remove": {
      const there =
        action.folder === undefined ? options : { ...options, cwd: resolve(io.cwd, action.folder) };
      const was = await distrustWorkspace(there);
      io.stderr.write(was ? "No longer trusted.\n" : "It was not in the list of trusted folders.\n");
      return "";
    }
  }
}

async function named(folder: string | undefined, options: AgentOptions, io: Io): Promise<AgentOptions> {
  if (folder === undefined) return options;
  const cwd = resolve(io.cwd, folder);
  const found = await stat(cwd).catch(() => undefined);
  if (found?.isDirectory() !== true)
    throw new FaultError({ code: "usage", message: `${cwd} is not a folder.` });
  return { ...options, cwd };
}

function stateText({ trust, brings }: WorkspaceState): string {
  const folder = printable(trust.folder);
  const state = trust.trusted
    ? `${folder} is trusted.`
    : trust.changed
      ? `${folder} names other programs than when you trusted it, so it is not trusted.`
      : `${folder} is not trusted.`;
  const does = trust.trusted ? "It brings" : "It would bring";
  const lines = broughtLines(brings).map((line) => `  ${line}\n`);
  return lines.length === 0 ? `${state}\n` : `${state} ${does}:\n${lines.join("")}`;
}
