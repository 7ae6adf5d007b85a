import type { ReadOnlyCommand } from "./read-only-command.ts";

/** Package managers, compilers and containers, where they tell what is there. Nothing that asks a registry. */
export const readOnlyDeveloperTools: readonly ReadOnlyCommand[] = [
  ...["npm ls", "npm list", "npm ll"].map(
    (command): ReadOnlyCommand => ({
      command,
      operands: "text",
      folder: true,
      flags:
        "-a -g -l -p --all --global --json --long --parseable --depth= --omit= --prod --production --dev",
      values: "--depth --omit",
    }),
  ),
  ...["npm explain", "npm why"].map(
    (command): ReadOnlyCommand => ({ command, operands: "text", least: 1, folder: true, flags: "--json" }),
  ),
  { command: "npm root", flags: "-g --global" },
  { command: "npm prefix", flags: "-g --global" },
  { command: "npm pkg get", operands: "text", folder: true },
  {
    command: "npm config get",
    operands: "text",
    least: 1,
    operand: "^(?!.*(?:auth|token|password))[a-z-]+$",
  },
  ...["pip", "pip3"].flatMap((pip): readonly ReadOnlyCommand[] => [
    { command: `${pip} list`, flags: "--user --local --not-required", values: "--format" },
    { command: `${pip} freeze`, flags: "--all --user --local" },
    { command: `${pip} check` },
    { command: `${pip} show`, operands: "text", flags: "-f --files" },
  ]),
  { command: "go version" },
  // Without `-w` it prints what it would write.
  { command: "gofmt", operands: "paths", recursive: "always", flags: "-l -d -e -s", values: "-r" },
  // They ask the daemon that the user set up, and change nothing there; which daemon, no flag here says.
  ...[
    "docker ps",
    "docker container ls",
    "docker image ls",
    "docker images",
    "docker network ls",
    "docker volume ls",
    "docker version",
    "docker info",
  ].map(
    (command): ReadOnlyCommand => ({
      command,
      ...(/images?/.test(command) ? { operands: "text" as const } : {}),
      flags: "-a -l -q -s --all --latest --quiet --size --no-trunc --digests",
      values: "-f -n --filter --format --last",
    }),
  ),
  { command: "java -version" },
  { command: "openssl version", flags: "-a -v" },
];
