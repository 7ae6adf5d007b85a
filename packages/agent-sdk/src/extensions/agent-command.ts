import type { Skill } from "@claw/agent-extensions";

/**
 * Something that a person calls by its name, as `/name arguments`: a skill, a command, a prompt of an MCP
 * server, a command of an extension.
 */
export type AgentCommand = CommandFace &
  (
    | (Pick<Skill, "kind" | "scope" | "namespace"> & {
        /** Where it stands. Absolute. */
        readonly file: string;
      })
    | { readonly kind: "mcp"; readonly server: string }
    | { readonly kind: "extension"; readonly extension: string }
  );

interface CommandFace {
  readonly name: string;
  readonly description: string;
  /** Such as `<issue> [branch]`. */
  readonly argumentHint?: string;
}
