import type { Extension } from "./define-extension.ts";

/** What others add to an agent. */
export interface ExtensionOptions {
  /** Code in this process; each is added whole, or left out with a warning. */
  readonly extensions?: readonly Extension[];
  /** A folder whose `*.js` and `*.mjs` are extensions, too: see `loadExtensions`. Default: none. */
  readonly extensionFolder?: string;
  /** Whether the plugins that the user has enabled are part of the agent. Default true. */
  readonly plugins?: boolean;
}
