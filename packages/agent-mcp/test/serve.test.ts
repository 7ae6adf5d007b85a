import { PassThrough } from "node:stream";
import { text } from "@claw/agent-core";
import { type ServedCall, serveTools } from "@claw/agent-mcp";
import {
  Client,
  type JSONRPCMessage,
  ReadBuffer,
  serializeMessage,
  type Transport,
} from "@modelcontextprotocol/client";
import { expect, test } from "vitest";

/** The client's end of two streams. */
function pipes(): {
  readonly input: PassThrough;
  readonly output: PassThrough;
  readonly transport: Transport;
} {
  const input = new PassThrough();
  const output = new PassThrough();
  const buffer = new ReadBuffer();
  const transport: Transport & { stderr: null; pid: null } = {
    stderr: null,
    pid: null,
    start: () => {
      output.on("data", (chunk: Buffer) => {
        buffer.append(chunk);
        for (let message = buffer.readMessage(); message !== null; message = buffer.readMessage()) {
          transport.onmessage?.(message);
        }
      });
      return Promise.resolve();
    },
    send: (message: JSONRPCMessage) => {
      input.write(serializeMessage(message));
      return Promise.resolve();
    },
    close: () => {
      input.end();
      transport.onclose?.();
      return Promise.resolve();
    },
  };
  return { input, output, transport };
}

test.each(["legacy", "auto"] as const)(
  "serves tools to a client of the %s era, and asks its person",
  async (mode) => {
    const { input, output, transport } = pipes();
    const calls: ServedCall[] = [];
    const served = serveTools(
      {
        specs: [{ name: "Read", description: "Reads.", inputSchema: { type: "object" } }],
        call: async (call) => {
          calls.push(call);
          call.progress("half");
          if (call.input["ask"] !== true) return { status: "ok", content: [text("done")] };
          const said = await call.confirm("May it?", call.signal);
          return { status: "denied", by: "user", content: [text(String(said))] };
        },
      },
      { version: "1", input, output },
    );
    const client = new Client(
      { name: "test", version: "1" },
      { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode } },
    );
    client.setRequestHandler("elicitation/create", () => ({ action: "accept", content: { allow: true } }));
    await client.connect(transport);
    expect(client.getNegotiatedProtocolVersion()).toBe(mode === "legacy" ? "2025-11-25" : "2026-07-28");
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["Read"]);
    const result = await client.callTool({ name: "Read", arguments: { file_path: "/x" } });
    expect(result).toMatchObject({ content: [{ type: "text", text: "done" }] });
    expect(calls[0]).toMatchObject({ name: "Read", input: { file_path: "/x" } });
    const asked = await client.callTool({ name: "Read", arguments: { ask: true } });
    // The newer protocol has no questions of a server within a call: nobody is asked there, which is a no.
    expect(asked).toMatchObject({
      isError: true,
      content: [{ text: mode === "legacy" ? "true" : "undefined" }],
    });
    await client.close();
    await served;
  },
);
