import type { ShellNode } from "./shell-script.ts";

/** Goes through a script and everything inside it. */
export function forEachNode(node: ShellNode, visit: (node: ShellNode) => void): void {
  visit(node);
  for (const inner of innerNodes(node)) forEachNode(inner, visit);
}

function innerNodes(node: ShellNode): readonly ShellNode[] {
  switch (node.type) {
    case "command":
      return node.command.nested;
    case "list":
      return node.items.map((item) => item.node);
    case "subshell":
      return [node.body];
    case "branches":
    case "pipeline":
      return node.nodes;
  }
}
