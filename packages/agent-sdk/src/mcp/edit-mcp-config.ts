import { FaultError, isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import { editJsonFile } from "@claw/agent-extensions";

/**
 * Writes one entry of a configuration file, or takes it out with `undefined`; all else in the file stays as it is.
 * Gives whether there was one before. Rejects with `mcp-config` for a file that cannot be understood: it is left alone.
 */
export async function editMcpConfig(
  file: string,
  name: string,
  definition: JsonObject | undefined,
): Promise<boolean> {
  let existed = false;
  await editJsonFile(file, {
    read: (source) => objectIn(source, file),
    change: (before) => {
      const servers = serversIn(before);
      existed = Object.hasOwn(servers, name);
      if (definition === undefined && !existed) return undefined;
      const { [name]: _, ...others } = servers;
      const after = definition === undefined ? others : { ...servers, [name]: definition };
      return { ...before, mcpServers: after };
    },
  });
  return existed;
}

/** Whether a file has such an entry. Changes nothing, and rejects where `editMcpConfig` does. */
export async function holdsMcpServer(file: string, name: string): Promise<boolean> {
  let holds = false;
  await editJsonFile(file, {
    read: (source) => objectIn(source, file),
    change: (before) => {
      holds = Object.hasOwn(serversIn(before), name);
      return undefined;
    },
  });
  return holds;
}

function serversIn({ mcpServers }: JsonObject): JsonObject {
  return isJsonObject(mcpServers) ? mcpServers : {};
}

function objectIn(source: string, file: string): JsonObject {
  try {
    const value: JsonValue = JSON.parse(source.replace(/^\uFEFF/, ""));
    if (isJsonObject(value)) return value;
  } catch {
    // Told below, as is JSON of another kind.
  }
  throw new FaultError({
    code: "mcp-config",
    message: `${file} is not a JSON object, so it was left as it is.`,
    hint: "Mend the file first.",
  });
}
