#!/usr/bin/env node
import { runConformanceClient } from "../dist/conformance/conformance-client.js";

const { MCP_CONFORMANCE_SCENARIO: scenario = "initialize", MCP_CONFORMANCE_CONTEXT: context = "{}" } =
  process.env;
try {
  await runConformanceClient({ url: process.argv.at(-1) ?? "", scenario, context: JSON.parse(context) });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
