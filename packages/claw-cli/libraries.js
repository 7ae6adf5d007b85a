/**
 * What is large and needed by few runs: each is in a file of its own beside the program, as a start reads all of the
 * program. `user` is the package that imports it, always by `import()`; `takes` is what of which module it uses, so that the
 * rest is left out.
 */
export const libraries = [
  {
    name: "mcp-client",
    user: "agent-mcp",
    takes: {
      "@modelcontextprotocol/client": [
        "Client",
        "ClientCredentialsProvider",
        "CrossAppAccessProvider",
        "InMemoryTransport",
        "PrivateKeyJwtProvider",
        "ProtocolError",
        "SSEClientTransport",
        "SdkError",
        "SdkErrorCode",
        "SdkHttpError",
        "SseError",
        "StreamableHTTPClientTransport",
        "UnauthorizedError",
        "assertSecureTokenEndpoint",
        "buildDiscoveryUrls",
        "isSpecType",
        "parseJSONRPCMessage",
        "requestJwtAuthorizationGrant",
        "selectClientAuthMethod",
        "serializeMessage",
        "specTypeSchemas",
      ],
    },
  },
  {
    name: "mcp-server",
    user: "agent-mcp",
    takes: {
      "@modelcontextprotocol/server": ["Server"],
      "@modelcontextprotocol/server/stdio": ["StdioServerTransport", "serveStdio"],
    },
  },
  { name: "yaml", user: "agent-extensions", takes: { yaml: ["LineCounter", "parseDocument"] } },
  { name: "momoa", user: "agent-extensions", takes: { "@humanwhocodes/momoa": ["parse"] } },
  { name: "toml", user: "agent-permissions", takes: { "smol-toml": ["parse"] } },
  { name: "re2", user: "tools-builtin", takes: { re2js: ["RE2JS"] } },
  { name: "html", user: "tools-builtin", takes: { htmlparser2: ["Parser"] } },
  // Ours, with all of its languages.
  {
    name: "highlight",
    user: "claw-cli",
    takes: { "./src/terminal/markdown/highlight.ts": ["createHighlight"] },
  },
];

/** The library that an import is of, whatever folder it is written in; `undefined` for what is in the program. */
export function libraryOf(path) {
  const name = path.startsWith(".") ? `/${path.split("/").at(-1)}` : path;
  return libraries.find(({ takes }) =>
    Object.keys(takes).some((module) => module === name || (name.startsWith("/") && module.endsWith(name))),
  );
}

/** The same seen from bin/ and from dist/, either of which may be where the program imports from. */
export function besideFile({ name }) {
  return `../dist/beside/${name}.js`;
}

export function contentsOf({ takes }) {
  return Object.entries(takes)
    .map(([module, names]) => `export { ${names.join(", ")} } from ${JSON.stringify(module)};`)
    .join("\n");
}
