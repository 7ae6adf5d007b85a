import type { JsonObject, ToolSpec } from "@claw/agent-core";

/** The tools of the cases: some that models know by heart, and some that they cannot. */
export type CaseTool =
  | "weather"
  | "forecast"
  | "read"
  | "readImage"
  | "write"
  | "bash"
  | "grep"
  | "listFiles"
  | "add"
  | "convert"
  | "products"
  | "users"
  | "product"
  | "message"
  | "event"
  | "todos"
  | "issue";

const text: JsonObject = { type: "string" };
const integer: JsonObject = { type: "integer" };
const number: JsonObject = { type: "number" };

function tool(
  name: string,
  description: string,
  properties: JsonObject,
  required: readonly string[] = Object.keys(properties),
): ToolSpec {
  return {
    name,
    description,
    inputSchema: { type: "object", properties, required, additionalProperties: false },
  };
}

/** The tools by what they are for; their names are what a model sees. */
export const caseTools: Readonly<Record<CaseTool, ToolSpec>> = {
  weather: tool(
    "get_weather",
    "Gives the current weather of a city.",
    { city: text, unit: { type: "string", enum: ["celsius", "fahrenheit"] } },
    ["city"],
  ),
  forecast: tool("get_weather_forecast", "Gives the weather forecast of a city for the next days.", {
    city: text,
    days: integer,
  }),
  read: tool(
    "Read",
    "Reads a text file.",
    {
      file_path: { ...text, description: "Absolute path." },
      offset: { ...integer, description: "First line, from 1." },
      limit: { ...integer, description: "Number of lines." },
    },
    ["file_path"],
  ),
  readImage: tool("ReadImage", "Describes the picture in an image file.", { file_path: text }),
  write: tool("Write", "Writes a text file, whole.", { file_path: text, content: text }),
  bash: tool("Bash", "Runs a shell command.", { command: text }),
  grep: tool(
    "Grep",
    "Searches the content of files for a regular expression.",
    { pattern: text, path: text, "-i": { type: "boolean", description: "Ignore case." } },
    ["pattern"],
  ),
  listFiles: tool("list_files", "Lists the files of the current folder.", {}),
  add: tool("add", "Adds two numbers.", { a: number, b: number }),
  convert: tool("convert_currency", "Converts an amount of money.", {
    amount: number,
    from: { ...text, description: "ISO 4217 code." },
    to: { ...text, description: "ISO 4217 code." },
  }),
  products: tool(
    "search_products",
    "Searches the products of a shop.",
    {
      query: text,
      max_price: number,
      in_stock: { type: "boolean", description: "Only what is in stock." },
      sort: { type: "string", enum: ["price_asc", "price_desc", "rating"] },
    },
    ["query"],
  ),
  users: tool("search_users", "Searches the users of a shop.", { query: text }),
  product: tool("get_product", "Gives the details of a product by its id.", { id: text }),
  message: tool("send_message", "Sends a message to a person.", { to: text, body: text }),
  event: tool("create_event", "Creates an event in the calendar.", {
    title: text,
    start: {
      type: "object",
      properties: { date: { ...text, description: "YYYY-MM-DD" }, time: { ...text, description: "HH:MM" } },
      required: ["date", "time"],
      additionalProperties: false,
    },
    attendees: { type: "array", items: text },
  }),
  todos: tool("TodoWrite", "Replaces the list of things to do.", {
    todos: {
      type: "array",
      items: {
        type: "object",
        properties: { content: text, status: { type: "string", enum: ["pending", "done"] } },
        required: ["content", "status"],
        additionalProperties: false,
      },
    },
  }),
  issue: tool("mcp__github__create_issue", "Opens an issue in a GitHub repository.", {
    repository: { ...text, description: "owner/name" },
    title: text,
  }),
};
