import type {
  Ask,
  BeforeTool,
  Compact,
  Journal,
  Limits,
  Machine,
  Model,
  ModelRef,
  Policy,
  Steps,
  Transport,
} from "@claw/agent-core";
import type { AgentDefinition, Effort } from "@claw/agent-extensions";
import type { PermissionLevel, PermissionMode } from "@claw/agent-permissions";
import type { Price } from "@claw/agent-provider";
import type { AnyTool } from "@claw/agent-tools";
import type { AskQuestion } from "@claw/tools-builtin";
import type { CompactionOptions } from "./compaction/compaction-options.ts";
import type { ExtensionOptions } from "./extensions/extension-options.ts";
import type { HookOptions } from "./hooks/hook-options.ts";
import type { McpOptions } from "./mcp/mcp-options.ts";
import type { AnswerFormat } from "./output-format.ts";
import type { PresetName } from "./presets.ts";
import type { RedactOptions } from "./redaction/redact-options.ts";
import type { SandboxOptions } from "./sandbox/sandbox-options.ts";

/** Everything that can be said about an agent. All of it is optional. */
export interface AgentOptions
  extends ModelOptions,
    PermissionOptions,
    SessionOptions,
    SettingsOptions,
    McpOptions,
    HookOptions,
    ExtensionOptions {
  /** Default `default`. */
  readonly preset?: PresetName;
  /** In place of the preset's. Empty: none is sent. A resumed session keeps the one it has unless this is given. */
  readonly system?: string;
  /** Your own tools, after the preset's. */
  readonly tools?: readonly AnyTool[];
  /** Agents that the model can start, by name, beside those of files and the built-in ones. */
  readonly agents?: Readonly<Record<string, AgentDefinition>>;
  /**
   * Whether arguments of calls that are not valid JSON are repaired where that is safe. Default true; false: the
   * model is told, and makes the call again.
   */
  readonly repairArguments?: boolean;
  /**
   * Whether `AGENTS.md` and other files of the user and the workspace tell the model what to keep to. Default: as the
   * settings say, else for the preset `coding` only. False: MCP servers do not say how they want to be used either.
   */
  readonly instructions?: boolean;
  /**
   * Whether skills and commands of the user, and of a trusted workspace, are offered. Default: as the settings say, else for the
   * preset `coding` only.
   */
  readonly skills?: boolean;
  /** For each run that does not bring its own. */
  readonly limits?: Limits;
  readonly maxOutputTokens?: number;
  /** How much the model thinks before it answers. Default: the vendor's. */
  readonly effort?: Effort;
  /** The JSON that answers must be. A vendor that cannot promise the schema does its best. */
  readonly output?: AnswerFormat;
  /** Default: the process's working directory. */
  readonly cwd?: string;
  /** Default: the process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where the built-in tools act. Default: this computer. */
  readonly machine?: Machine;
  /** Holds commands to a boundary of the operating system. Beats the settings, key by key. Default: none. */
  readonly sandbox?: SandboxOptions;
  /**
   * Credentials of the environment and texts that have the form of a well-known key never get into the conversation, the
   * journal, kept output or events; `[redacted: NAME]` stands in their place. More of them, or false: nothing is taken out.
   */
  readonly redact?: RedactOptions | false;
  /** How the conversation is kept inside of the model's window. `false`: it is not. */
  readonly compaction?: CompactionOptions | false;
  /** In place of all that `compaction` does. */
  readonly compact?: Compact;
  readonly steps?: Steps;
}

export interface ModelOptions {
  /** Any function that is a model, with its name; then nothing is chosen or connected. */
  readonly connection?: {
    readonly model: Model;
    readonly ref: ModelRef;
    /** Tokens that a prompt can have. */
    readonly contextWindow?: number;
  };
  /** anthropic, ollama, openai, openai-responses, llamacpp or stub. Default: by settings, then by environment. */
  readonly provider?: string;
  /** The vendor's name for it; a GGUF file for llamacpp. */
  readonly model?: string;
  /** Tokens that a prompt can have, in place of what is known of the model. */
  readonly contextWindow?: number;
  /** What this model costs where it is reached. Default: what is known of it at the vendor's own address. */
  readonly price?: Price;
  readonly ollamaUrl?: string;
  /** Models to ask in turn when the first one fails: `model` of the same provider, or `provider:model`. */
  readonly fallbackModels?: readonly string[];
  /**
   * Whether calls that a local model writes as text are recognised, in the forms that its profile names. Default true;
   * false: text is text.
   */
  readonly textCalls?: boolean;
  /** The text of a stub script: JSON lines. Goes with the provider `stub`. */
  readonly stubScript?: string;
  /** Default: `node:http` with connections kept alive. */
  readonly transport?: Transport;
}

export interface PermissionOptions {
  /** The short scale: auto, interactive (default), deny. `permissionMode` beats it. */
  readonly permission?: PermissionLevel;
  readonly permissionMode?: PermissionMode;
  /** Rules, such as `Bash(npm test)`, that are allowed for this agent. */
  readonly allowedTools?: readonly string[];
  /** Rules that are refused. A bare tool name takes the tool away from the model. */
  readonly disallowedTools?: readonly string[];
  /** Folders that count as part of the workspace. */
  readonly directories?: readonly string[];
  /** Decides together with the rules; the stricter one wins. */
  readonly policy?: Policy;
  /** Default: nobody can be asked. */
  readonly ask?: Ask;
  /** Puts the questions of the AskUserQuestion tool. Default: nobody can be asked. */
  readonly question?: AskQuestion;
  readonly beforeTool?: BeforeTool;
}

export interface SettingsOptions {
  /** Settings of this session, over those of the user and the workspace: JSON text, or the path of a file. */
  readonly settings?: string;
  /** Which settings files are read beside the managed ones. Default: all. */
  readonly settingSources?: readonly ("user" | "project" | "local")[];
  /** The files of managed settings, the weakest first, in place of the platform's. */
  readonly managedSettings?: readonly string[];
  /** Whether what the workspace brings may act in this session. Default: as the user's list of trusted folders says. */
  readonly trustWorkspace?: boolean;
}

export interface SessionOptions {
  /** Default: files below `CLAW_HOME` (`~/.claw`). */
  readonly journal?: Journal;
  /** The id of a new session. Default: a fresh one. */
  readonly session?: string;
  /**
   * Goes on with a session: its id, or `latest`: the newest of this working directory that has a conversation and is not in use. A
   * warning tells of a newer one that is. To fork, one in use is as good.
   */
  readonly resume?: "latest" | (string & {});
  /** Milliseconds without a run after which an agent gives up its conversation until the next one. Default: never. */
  readonly hibernateAfterMs?: number;
  /** Goes on in a copy of the resumed session, which may be in use elsewhere. The copy is a new session. */
  readonly fork?: boolean;
}
