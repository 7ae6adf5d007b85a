import { fileURLToPath } from "node:url";

/**
 * What is measured. `args` is what follows the runtime's own arguments, with the model's address as its second argument;
 * `extra` are others that speak one of the formats in wires.js, as `name=program argument … {url} … {prompt}`.
 */
export function subjects(extra) {
  return [
    { name: "node -e 0", idle: true, node: true, args: () => ["-e", "0"] },
    floor("floor:http", "floors/http.js"),
    floor("floor:fetch", "floors/fetch.js"),
    {
      name: "claw",
      node: true,
      args: (prompt) => [
        file("../packages/claw-cli/bin/claw.js"),
        ...["--query", prompt, "--provider", "anthropic", "--model", "bench"],
        ...["--permission", "auto", "--max-turns", "1000"],
      ],
    },
    ...extra.map(other),
  ];
}

function floor(name, path) {
  return { name, node: true, args: (prompt) => [file(path), prompt] };
}

function other(text) {
  const [, name, command] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (command === undefined)
    throw new Error(`--subject ${text}: it must be name=program argument … {prompt}`);
  const [program, ...words] = command.split(/\s+/);
  const args = (prompt, url) =>
    words.map((word) => word.replace("{url}", () => url).replace("{prompt}", () => prompt));
  return { name, program, args };
}

function file(path) {
  return fileURLToPath(new URL(path, import.meta.url));
}
