#!/usr/bin/env node
import module from "node:module";

module.enableCompileCache?.();
const { start } = await import("../dist/claw.js").catch((error) => {
  if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
  process.stderr.write("claw: the program is not built.\n      Run npm run build in its repository first.\n");
  process.exit(1);
});
await start();
