import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { callReply, textReply } from "./model-server.js";

const done = textReply("It is done.");
const expect = "It is done.";

/** The runs that every subject makes. Files that they read are written into the workspace. */
export function scenarios(workspace, { full }) {
  const files = Array.from({ length: 200 }, (_, index) => writeFile(workspace, index));
  return {
    hello: { name: "hello", prompt: "Say hello.", replies: [done], expect },
    deltas: {
      name: "20,000 deltas",
      prompt: "Tell a long story.",
      replies: [textReply("word ", 20_000)],
      expect: "word ".repeat(20_000).trim(),
    },
    reads: tools("50 read turns", files.slice(0, 50).map(read)),
    shells: tools(
      "50 shell turns",
      Array.from({ length: 50 }, (_, index) => [["Bash", { command: `echo turn ${index}` }]]),
    ),
    history: tools("200 turns of 20 kB", files.map(read)),
    parallel: tools("20 parallel reads", [files.slice(0, 20).flatMap(read)]),
    oneLine: tools("a shell turn", [[["Bash", { command: "echo one line" }]]]),
    output50: tools("50 MB of shell output", [flood("50M")]),
    ...(full ? { output5000: tools("5 GB of shell output", [flood("5G")]) } : {}),
  };
}

function tools(name, turns) {
  return {
    name,
    prompt: "Do it.",
    replies: [...turns.map((calls, turn) => callReply(turn, calls)), done],
    expect,
  };
}

function read(path) {
  return [["Read", { file_path: path }]];
}

function flood(bytes) {
  return [["Bash", { command: `yes abcdefghi | head -c ${bytes}`, timeout: 600_000 }]];
}

/** 20 kB in 100 lines, different in each file: an agent may notice what repeats. */
function writeFile(workspace, index) {
  const path = join(workspace, `file-${index}.txt`);
  const line = (number) => `${index}.${number} `.padEnd(199, "abcdefghij ");
  writeFileSync(path, `${Array.from({ length: 100 }, (_, number) => line(number)).join("\n")}\n`);
  return path;
}
