/** A command of the program. What it takes, what `--help` says of it and what is refused are read from here. */
export interface CommandSpec {
  /** As `--help` shows it. Its small words call it; the others stand for what is given. */
  readonly usage: string;
  /** As messages call it, where its words do not. */
  readonly name?: string;
  readonly summary: string;
  /** Names of the options that have an effect on it, beside the general ones. */
  readonly takes: readonly string[];
}

/** These every command takes. */
export const generalOptions: readonly string[] = ["verbose", "version", "help"];

const inFolder = "cwd";
const settings = ["settings", "setting-sources", "trust-workspace"];
const servers = [...settings, "mcp-config", "strict-mcp-config"];
const permission = ["permission", "permission-mode", "allowed-tools", "disallowed-tools", "add-dir"];
const sandbox = ["sandbox", "no-sandbox"];
const model = ["model", "provider", "ollama-url", "stub-script"];
const session = ["continue", "resume", "fork-session", "session-id"];
/** Of whatever has a model at work. */
const running = [
  ...model,
  "fallback-model",
  "effort",
  "json-schema",
  "system",
  ...permission,
  "max-turns",
  "max-budget-usd",
  ...sandbox,
  ...servers,
  "no-instructions",
  "agents",
  inFolder,
  "no-extensions",
];

export const conversationCommand: CommandSpec = {
  usage: "[options]",
  name: "a conversation",
  summary: "Start a conversation",
  takes: [...running, ...session, "no-wake"],
};

export const queryCommand: CommandSpec = {
  usage: '-q "…" [options]',
  name: "claw -q",
  summary: "Answer one query",
  takes: [...running, ...session, "query", "print", "output-format", "defer-permissions"],
};

/** Those that stand in place of a query, in the order of `--help`. Made when it is asked for: most starts do not. */
export function commandTable(): readonly CommandSpec[] {
  return [
    {
      usage: "sessions list",
      summary: "List the saved sessions, newest first.",
      takes: [inFolder, "output-format"],
    },
    {
      usage: "sessions show ID",
      summary: "Print a conversation.",
      takes: [inFolder],
    },
    {
      usage: "sessions export ID",
      summary: "Print a session's events as JSON lines.",
      takes: [inFolder],
    },
    {
      usage: "sessions rewind ID",
      summary: "Put a session and the files it changed back; without --to: to what points.",
      takes: [inFolder, "output-format", "to", "only", "dry-run", "force"],
    },
    {
      usage: "sessions delete ID",
      summary: "Delete a session, with what is kept for it.",
      takes: [inFolder],
    },
    {
      usage: "sessions prune",
      summary: "Delete what files were before sessions changed them; the sessions stay.",
      takes: [inFolder],
    },
    {
      usage: "tasks list",
      summary: "List what goes on in the background of this folder's sessions.",
      takes: [inFolder, "output-format"],
    },
    {
      usage: "tasks output ID",
      summary: "Print the output of a background task.",
      takes: [inFolder],
    },
    {
      usage: "tasks stop ID",
      summary: "Stop a background command; its session is told.",
      takes: [inFolder],
    },
    {
      usage: "policy explain CALL",
      summary: "Say how a call, such as 'Bash(git push)', would be decided, and why.",
      takes: [...settings, ...permission, inFolder, "output-format"],
    },
    {
      usage: "policy test FILE…",
      summary: "Hold rules against their own examples; reads other agents' rules too.",
      takes: ["output-format"],
    },
    {
      usage: "policy diff OLD NEW",
      summary: "Decide again what past sessions did, under two settings files.",
      takes: [...permission, inFolder, "output-format", "sessions"],
    },
    {
      usage: "policy decide",
      summary: "Decide permission cases: JSON lines in, JSON lines out, no effects.",
      takes: [],
    },
    {
      usage: "trust",
      summary: "Show whether this folder is trusted, and what it would bring.",
      takes: [inFolder, "output-format", "trust-workspace"],
    },
    {
      usage: "trust list",
      summary: "List the trusted folders.",
      takes: ["output-format"],
    },
    {
      usage: "trust add [DIR]",
      summary: "Let what a folder brings act, from now on.",
      takes: [inFolder],
    },
    {
      usage: "trust remove [DIR]",
      summary: "Take that back.",
      takes: [inFolder],
    },
    {
      usage: "mcp add NAME -- COMMAND",
      summary: "Add an MCP server: a program, or with --transport http a URL.",
      takes: [inFolder, "scope", "transport", "env", "header", "client-id", "callback-port"],
    },
    {
      usage: "mcp add-json NAME JSON",
      summary: "Add an MCP server as .mcp.json would have it.",
      takes: [inFolder, "scope"],
    },
    {
      usage: "mcp list",
      summary: "List the configured MCP servers. Starts none.",
      takes: [...servers, inFolder, "output-format"],
    },
    {
      usage: "mcp get NAME",
      summary: "Show one of them.",
      takes: [...servers, inFolder, "output-format"],
    },
    {
      usage: "mcp remove NAME",
      summary: "Remove one, with its tokens.",
      takes: [inFolder, "scope"],
    },
    {
      usage: "mcp approve NAME",
      summary: "Let a server of the workspace start, as it is written now.",
      takes: [inFolder, "setting-sources", "trust-workspace"],
    },
    {
      usage: "mcp login NAME",
      summary: "Log in to a server in the browser.",
      takes: [...servers, inFolder],
    },
    {
      usage: "mcp logout NAME",
      summary: "Delete a server's tokens and have them revoked; --all of all servers.",
      takes: [...servers, inFolder, "all"],
    },
    {
      usage: "mcp status",
      summary: "Start the servers and say how they are.",
      takes: [...servers, inFolder, "output-format"],
    },
    {
      usage: "mcp serve",
      summary: "Offer Claw's tools to another program as an MCP server.",
      takes: [...servers, ...permission, ...sandbox, ...session, inFolder, "agents", "no-extensions"],
    },
    {
      usage: "answer ID",
      summary: "Show the questions that a session waits for.",
      takes: [inFolder, "output-format"],
    },
    {
      usage: "answer ID allow [CALL]",
      summary: "Say yes to one of them, and go on.",
      takes: [...running, "output-format"],
    },
    {
      usage: "answer ID deny [CALL]",
      summary: "Say no to one of them, and go on.",
      takes: [...running, "output-format", "message"],
    },
    {
      usage: "instructions [FILE]",
      summary: "Show which files tell the model what to keep to, for a session or for a file.",
      takes: [...settings, ...permission, inFolder, "output-format", "no-instructions"],
    },
    {
      usage: "plugin list",
      summary: "List the installed plugins, and which are on.",
      takes: ["output-format"],
    },
    {
      usage: "plugin add SOURCE",
      summary: "Install a plugin, off: a folder, a git URL, or npm:PACKAGE.",
      takes: [inFolder, "output-format"],
    },
    {
      usage: "plugin enable NAME",
      summary: "Let it act from the next session on.",
      takes: [],
    },
    {
      usage: "plugin disable NAME",
      summary: "Take that back.",
      takes: [],
    },
    {
      usage: "plugin remove NAME",
      summary: "Remove it, with its data.",
      takes: [],
    },
    {
      usage: "plugin validate DIR",
      summary: "Say what a plugin brings, and what is wrong with it.",
      takes: [inFolder, "output-format"],
    },
    {
      usage: "hooks list",
      summary: "List the hooks, where they come from, and which are off. Runs none.",
      takes: [...settings, inFolder, "output-format", "agents"],
    },
    {
      usage: "models",
      summary: "List the models of the provider.",
      takes: ["provider", "ollama-url", "output-format"],
    },
    {
      usage: "conformance",
      summary: "Score how well the model calls tools, and keep its profile.",
      takes: [...model, inFolder, "output-format"],
    },
    {
      usage: "doctor",
      summary: "Check the installation, the model and the settings.",
      takes: [
        ...servers,
        ...permission,
        ...sandbox,
        inFolder,
        "output-format",
        "ollama-url",
        "agents",
        "no-instructions",
        "no-extensions",
      ],
    },
    {
      usage: "help [COMMAND]",
      summary: "Say what a command does, and which options it takes.",
      takes: [],
    },
  ];
}
