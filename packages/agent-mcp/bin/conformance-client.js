#!/usr/bin/env node
import { createRequire } from "node:module";

if (process.argv[2] === "--version") {
  const { version } = createRequire(import.meta.url)("../package.json");
  process.stdout.write(`conformance-client ${version}\n`);
  process.exit();
}

const { runConformanceClient } = await import("../dist/conformance/conformance-client.js");
const { MCP_CONFORMANCE_SCENARIO: scenario = "initialize", MCP_CONFORMANCE_CONTEXT: context = "{}" } =
  process.env;
try {
  await runConformanceClient({ url: process.argv.at(-1) ?? "", scenario, context: JSON.parse(context) });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
