import { type LikelyValues, likelyCommands } from "./likely-commands.ts";
import { printed } from "./parse/likely-pieces.ts";
import type { FileList } from "./readers/file-list.ts";
import { listedBy } from "./readers/listed-by.ts";
import type { ShellNode, SimpleCommand } from "./shell-script.ts";

/** Each command of a pipeline with what is known of what the one before prints. */
export function pipedCommands(nodes: readonly ShellNode[], values: () => LikelyValues): readonly ShellNode[] {
  let input: string | undefined;
  let files: FileList | undefined;
  return nodes.map((node) => {
    if (node.type !== "command") {
      input = undefined;
      files = undefined;
      return node;
    }
    const onlyWrites = node.command.redirects.every(({ access }) => access === "write");
    const isGiven = node.command.input === undefined && onlyWrites;
    const command: SimpleCommand = {
      ...node.command,
      ...(isGiven && input !== undefined ? { input } : {}),
      ...(isGiven && files !== undefined ? { files } : {}),
    };
    input = [command, ...likelyCommands(command, values)].map(outputOf).find((text) => text !== undefined);
    // With `2>&1` what it complains of would be among the names.
    files = onlyWrites && !command.text.includes("&") ? listedBy(command.words, files) : undefined;
    return { ...node, command };
  });
}

function outputOf({ words, input }: SimpleCommand): string | undefined {
  const [name, ...texts] = words.map(({ literal }) => literal);
  if (name === "cat" && texts.length === 0) return input;
  if (name !== "echo" && name !== "printf") return undefined;
  return texts.every((text) => text !== undefined) ? printed(name, texts) : undefined;
}
