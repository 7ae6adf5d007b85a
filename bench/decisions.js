// What one decision of `claw policy decide` takes, over everyday and hostile calls. Prints one JSON object.
import { decideLine, policyPorts } from "@claw/agent-sdk";

const count = Number(process.argv[2] ?? 20_000);
const commands = [
  "ls -la",
  "git status && git log --oneline -5",
  "grep -rn x src | head",
  "cd sub && npm run build 2>&1 | tail -5",
  "git commit -m \"$(cat <<'EOF'\nA message\nof two lines\nEOF\n)\"",
  "sudo env X=1 timeout 5 sh -c 'git push --force origin main; rm -rf /'",
];
const policy = {
  home: "/home/me",
  workspace: "trusted",
  mode: "default",
  rules: {
    allow: ["Bash(npm run *)", "Bash(git commit *)", "Edit(src/**)", "WebFetch(domain:*.example.org)"],
    ask: ["Bash(git push *)"],
    deny: ["Read(.env)", "Read(//etc/shadow)", "Bash(sudo *)"],
  },
};
const calls = [
  ...commands.map((command) => ({ tool: "Bash", input: { command } })),
  { tool: "Read", input: { file_path: "src/a.ts" } },
  { tool: "Edit", input: { file_path: "src/../../x", old_string: "a", new_string: "b" } },
  { tool: "WebFetch", input: { url: "https://www.example.org/", prompt: "x" } },
  { tool: "mcp__github__search", input: { q: "x" } },
];
const places = [{ cwd: "/work", lexical: true }, { cwd: process.cwd() }];
const lines = places.flatMap((place) =>
  calls.map((call) => JSON.stringify({ ...policy, ...place, ...call })),
);
const ports = policyPorts();
const { signal } = new AbortController();

async function decideAll(times) {
  const taken = [];
  for (let i = 0; i < times; i++) {
    const started = performance.now();
    const answer = await decideLine(lines[i % lines.length], ports, signal);
    taken.push(performance.now() - started);
    if ("error" in answer) throw new Error(answer.error.message);
  }
  return taken;
}

await decideAll(2_000);
const started = performance.now();
const taken = (await decideAll(count)).sort((one, other) => one - other);
const seconds = (performance.now() - started) / 1000;
process.stdout.write(
  JSON.stringify({ medianMs: taken[Math.floor(count / 2)], perMinute: (count / seconds) * 60 }),
);
