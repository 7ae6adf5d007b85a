import { spawn } from "node:child_process";
import { bubblewrapSandbox } from "@claw/agent-sandbox";

/** A host of its own: runs a script in the sandbox of a workspace, and says what came of it. */
const [root = "", recordsFolder = "", script = ""] = process.argv.slice(2);
const sandbox = bubblewrapSandbox({ recordsFolder });
const confined = await sandbox.wrap(["bash", "--noprofile", "--norc", "-c", script], {
  workspace: [root],
  writable: [],
  readOnly: [],
  unreadable: [],
  network: "off",
});
const child = spawn(confined.argv[0], confined.argv.slice(1), {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit", ...confined.inputs.map(() => "pipe" as const)],
});
for (const [index, bytes] of confined.inputs.entries()) {
  const pipe = child.stdio[index + 3];
  if (pipe !== null && pipe !== undefined && "end" in pipe) pipe.end(bytes);
}
child.once("exit", async (code) => {
  for (const note of await confined.release()) process.stdout.write(`${note}\n`);
  process.exitCode = code ?? 1;
});
