import type { defineTool, jsonSchema } from "@claw/agent-tools";
import type { defineExtension, Extension } from "./define-extension.ts";

/** What a file of the user's extension folder is handed, as it has no packages to import from. */
export interface ExtensionKit {
  readonly defineExtension: typeof defineExtension;
  readonly defineTool: typeof defineTool;
  readonly jsonSchema: typeof jsonSchema;
}

/** What such a file may export by default in place of its extension. */
export type MakeExtension = (kit: ExtensionKit) => Extension | Promise<Extension>;
