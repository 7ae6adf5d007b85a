/** One option of the command line. The parser, `--help` and the messages about unknown options all read this table. */
export interface OptionSpec {
  /** Without the dashes. */
  readonly name: string;
  readonly short?: string;
  /** Other spellings that mean the same and are not listed. */
  readonly aliases?: readonly string[];
  /** Absent: the option is a switch. */
  readonly value?: OptionValue;
  readonly summary: string;
}

export interface OptionValue {
  /** As `--help` shows it. */
  readonly label: string;
  /** The option may also stand alone. */
  readonly optional?: boolean;
  readonly repeatable?: boolean;
  /** Given twice, one of them would be lost. Of others the last counts. */
  readonly once?: boolean;
  /** It means something when it is empty. */
  readonly mayBeEmpty?: boolean;
  readonly choices?: readonly string[];
  /** Others can add choices, which are looked at when they are known. */
  readonly isOpen?: boolean;
}

export const permissions = ["auto", "interactive", "deny"] as const;
export const permissionModes = ["default", "acceptEdits", "plan", "dontAsk", "bypassPermissions"] as const;
export const providers = ["anthropic", "ollama", "openai", "openai-responses", "llamacpp", "stub"] as const;
export const sandboxes = ["on", "required", "off"] as const;
export const efforts = ["none", "low", "medium", "high"] as const;
export const settingSources = ["user", "project", "local"] as const;
export const rewindParts = ["files", "conversation"] as const;
export const outputFormats = ["text", "json", "stream-json"] as const;
export const mcpScopes = ["local", "project", "user"] as const;
export const mcpTransports = ["stdio", "http", "sse"] as const;

/** All options, in the order of `--help`. */
export const optionTable: readonly OptionSpec[] = [
  {
    name: "query",
    short: "q",
    value: { label: "TEXT", once: true, mayBeEmpty: true },
    summary: "Answer one query and exit. Piped input is appended to it as context.",
  },
  {
    name: "print",
    value: { label: "TEXT", optional: true, once: true, mayBeEmpty: true },
    summary: "The same as --query. Without TEXT the piped input is the query.",
  },
  {
    name: "model",
    short: "m",
    value: { label: "NAME" },
    summary: "The model. Each provider has its own default; llamacpp wants a GGUF file.",
  },
  {
    name: "fallback-model",
    value: { label: "NAMES" },
    summary: "Models to ask in turn when the first one fails: a,b or provider:model.",
  },
  {
    name: "effort",
    value: { label: "LEVEL", choices: efforts },
    summary: "How much the model thinks before it answers. Default: the vendor's.",
  },
  {
    name: "json-schema",
    value: { label: "SCHEMA" },
    summary: "The JSON Schema of the answer, or its file. Vendors without it do their best.",
  },
  {
    name: "system",
    short: "s",
    value: { label: "TEXT", mayBeEmpty: true },
    summary: "Replaces the system prompt. Empty: none is sent.",
  },
  {
    name: "permission",
    short: "p",
    value: { label: "MODE", choices: permissions },
    summary: "auto runs what no rule stops, interactive asks, deny only reads. Default: interactive.",
  },
  {
    name: "permission-mode",
    value: { label: "MODE", choices: permissionModes },
    summary: "The finer scale, in place of --permission.",
  },
  {
    name: "provider",
    value: { label: "NAME", choices: providers, isOpen: true },
    summary: "Who runs the model. Default: anthropic with ANTHROPIC_API_KEY, else ollama.",
  },
  {
    name: "ollama-url",
    value: { label: "URL" },
    summary: "Where Ollama listens. Default: http://localhost:11434.",
  },
  {
    name: "max-turns",
    value: { label: "N" },
    summary: "Model requests that one query may make. Default: 100.",
  },
  {
    name: "max-budget-usd",
    value: { label: "AMOUNT" },
    summary: "Dollars that one query may cost.",
  },
  {
    name: "stub-script",
    value: { label: "FILE" },
    summary: "What the stub provider replies.",
  },
  {
    name: "output-format",
    value: { label: "FORMAT", choices: outputFormats },
    summary: "What is printed: text for people, one JSON object, or one JSON object per event or line.",
  },
  {
    name: "defer-permissions",
    summary: "Put questions off: the query ends with code 4, and claw answer goes on with it.",
  },
  {
    name: "message",
    value: { label: "TEXT", once: true, mayBeEmpty: true },
    summary: "What the model is told.",
  },
  {
    name: "allowed-tools",
    aliases: ["allowedTools", "allow"],
    value: { label: "RULES", repeatable: true, mayBeEmpty: true },
    summary: 'Rules that need no question, such as "Read, Bash(npm test:*)".',
  },
  {
    name: "disallowed-tools",
    aliases: ["disallowedTools", "deny"],
    value: { label: "RULES", repeatable: true, mayBeEmpty: true },
    summary: "Rules for what is always refused.",
  },
  {
    name: "add-dir",
    value: { label: "DIR", repeatable: true },
    summary: "Another folder that belongs to the workspace.",
  },
  {
    name: "sandbox",
    value: { label: "MODE", optional: true, choices: sandboxes },
    summary: "Run commands in a sandbox of the system: on, required (or not at all), off. Default: off.",
  },
  { name: "no-sandbox", summary: "The same as --sandbox=off, whatever the settings say." },
  {
    name: "settings",
    value: { label: "FILE" },
    summary: "Settings for this session, over all but managed ones: a file, or the JSON itself.",
  },
  {
    name: "setting-sources",
    value: { label: "LIST", mayBeEmpty: true },
    summary: "Which settings files count: user,project,local. Default: all. Managed ones always do.",
  },
  {
    name: "sessions",
    value: { label: "IDS", repeatable: true },
    summary: "The sessions to decide again. Default: all of this folder.",
  },
  {
    name: "trust-workspace",
    summary: "Let what the workspace brings act in this session: rules that allow, hooks, servers.",
  },
  {
    name: "mcp-config",
    value: { label: "FILE", repeatable: true },
    summary: "More MCP servers: a file in the format of .mcp.json, or its JSON.",
  },
  { name: "strict-mcp-config", summary: "Only the MCP servers of --mcp-config." },
  {
    name: "no-instructions",
    summary: "No instructions from files such as AGENTS.md, and none from MCP servers.",
  },
  {
    name: "to",
    value: { label: "POINT" },
    summary: "The number of the point, as the list without it shows.",
  },
  {
    name: "only",
    value: { label: "WHAT", choices: rewindParts },
    summary: "Puts only these back.",
  },
  { name: "dry-run", summary: "Tell what would be done, and do nothing." },
  { name: "force", summary: "Put files back that somebody else changed, too. They are kept." },
  {
    name: "scope",
    value: { label: "SCOPE", choices: mcpScopes },
    summary: "Whose configuration it stands in.",
  },
  {
    name: "transport",
    short: "t",
    value: { label: "KIND", choices: mcpTransports },
    summary: "How the server is spoken to. Default: http for a URL, else stdio.",
  },
  {
    name: "env",
    short: "e",
    value: { label: "NAME=VALUE", repeatable: true },
    summary: "A variable of the program's environment.",
  },
  {
    name: "header",
    short: "H",
    value: { label: "NAME:VALUE", repeatable: true },
    summary: "A header of each request to the URL.",
  },
  { name: "client-id", value: { label: "ID" }, summary: "The OAuth client to log in as." },
  { name: "callback-port", value: { label: "PORT" }, summary: "Where a login comes back to." },
  { name: "all", summary: "All servers that there are tokens of, in place of one." },
  {
    name: "agents",
    value: { label: "JSON" },
    summary: "Sub-agents for this session, as an object of definitions by name, or its file.",
  },
  { name: "cwd", value: { label: "DIR" }, summary: "The folder to work in." },
  { name: "continue", short: "c", summary: "Go on with the newest session that is not in use." },
  {
    name: "resume",
    short: "r",
    value: { label: "ID", optional: true },
    summary: "Go on with a session. Without ID: the newest, or in a terminal a list to choose from.",
  },
  { name: "fork-session", summary: "Go on in a copy of the session that --resume or --continue names." },
  { name: "session-id", value: { label: "ID" }, summary: "The id of the new session." },
  { name: "no-extensions", summary: "Load none of ~/.claw/extensions." },
  {
    name: "no-wake",
    summary: "In a conversation, do not begin a run by yourself when a background task ends.",
  },
  { name: "verbose", summary: "Say more on stderr." },
  { name: "version", summary: "Print the version." },
  { name: "help", short: "h", summary: "Print this help." },
];
