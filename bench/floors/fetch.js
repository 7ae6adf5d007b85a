// The same as http.js on the built-in `fetch`.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";

const url = `${process.env.ANTHROPIC_BASE_URL}/v1/messages`;
const tools = [
  { name: "Read", description: "Reads a file.", input_schema: schema("file_path") },
  { name: "Bash", description: "Runs a command.", input_schema: schema("command") },
];
const head = `{"model":"bench","max_tokens":1024,"stream":true,"tools":${JSON.stringify(tools)},"messages":[`;
/** Each message as JSON: the history is never written anew. */
const messages = [JSON.stringify({ role: "user", content: process.argv[2] })];

for (;;) {
  const { text, calls } = await ask();
  if (calls.length === 0) {
    process.stdout.write(`${text}\n`);
    break;
  }
  messages.push(JSON.stringify({ role: "assistant", content: calls.map(toBlock) }));
  const results = await Promise.all(calls.map(run));
  messages.push(JSON.stringify({ role: "user", content: results }));
}

function schema(name) {
  return { type: "object", properties: { [name]: { type: "string" } }, required: [name] };
}

async function ask() {
  const body = `${head}${messages.join(",")}]}`;
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  return read(response.body);
}

async function read(body) {
  const decoder = new TextDecoder();
  const calls = [];
  let rest = "";
  let text = "";
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const events = rest.split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const data = JSON.parse(event.slice(event.indexOf("\ndata: ") + 7));
      if (data.type === "content_block_start" && data.content_block.type === "tool_use") {
        calls[data.index] = { ...data.content_block, json: "" };
      } else if (data.type === "content_block_delta") {
        if (data.delta.type === "text_delta") text += data.delta.text;
        else calls[data.index].json += data.delta.partial_json;
      }
    }
  }
  for (const call of calls) call.input = JSON.parse(call.json);
  return { text, calls };
}

function toBlock({ id, name, input }) {
  return { type: "tool_use", id, name, input };
}

async function run({ id, name, input }) {
  const content = name === "Read" ? await readFile(input.file_path, "utf8") : await shell(input.command);
  return { type: "tool_result", tool_use_id: id, content };
}

function shell(command) {
  return new Promise((resolve) => {
    const child = spawn("bash", ["-c", command], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk) => {
      if (output.length < 30_000) output += chunk.toString("latin1", 0, 30_000 - output.length);
    });
    child.on("close", () => resolve(output));
  });
}
