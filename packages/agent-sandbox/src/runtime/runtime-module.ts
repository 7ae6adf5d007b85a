/** The part of `@anthropic-ai/sandbox-runtime` (0.0.78) that is used here, by structure: nothing of it is imported. */
export interface RuntimeModule {
  readonly SandboxManager: RuntimeManager;
}

/** One for a process: its settings are those of all commands, but for what each is wrapped with. */
export interface RuntimeManager {
  initialize(config: RuntimeConfig): Promise<void>;
  isSupportedPlatform(): boolean;
  checkDependencies(): { readonly errors: readonly string[] };
  /** @returns a command line for `shell`. */
  wrapWithSandbox(command: string, shell: string, config: RuntimeConfig): Promise<string>;
  cleanupAfterCommand(): void;
}

export interface RuntimeConfig {
  readonly network: { readonly allowedDomains: readonly string[]; readonly deniedDomains: readonly string[] };
  readonly filesystem: {
    readonly denyRead: readonly string[];
    readonly allowWrite: readonly string[];
    readonly denyWrite: readonly string[];
  };
}

/** Whether an imported module looks like the one that is meant. */
export function isRuntimeModule(value: unknown): value is RuntimeModule {
  const manager: unknown = fieldOf(value, "SandboxManager");
  return verbs.every((verb) => typeof fieldOf(manager, verb) === "function");
}

const verbs = [
  "initialize",
  "isSupportedPlatform",
  "checkDependencies",
  "wrapWithSandbox",
  "cleanupAfterCommand",
] as const;

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
