/** How to find the program that another program runs with the rest of its arguments. */
export interface Wrapper {
  /** Flags without a value. */
  readonly flags: ReadonlySet<string>;
  /** Flags with a value, attached or as the next word. */
  readonly values: ReadonlySet<string>;
  /** Operands before the program. */
  readonly operands: number;
  /** `NAME=value` may stand before the program. */
  readonly assignments?: boolean;
  /** Adds arguments that are not in the command line. */
  readonly open?: boolean;
  /** Changes only how the program runs: an allow rule for the program covers the whole. */
  readonly transparent?: "always" | "without-flags";
}

/** The programs whose grammar is known well enough to find what they run. */
export const wrappers: ReadonlyMap<string, Wrapper> = new Map([
  [
    "timeout",
    wrapper("-v -f --verbose --foreground --preserve-status", "-k -s --kill-after --signal", {
      operands: 1,
      transparent: "always",
    }),
  ],
  ["time", wrapper("-p", "", { transparent: "always" })],
  ["nice", wrapper("", "-n --adjustment", { transparent: "always" })],
  ["nohup", wrapper("", "", { transparent: "always" })],
  ["stdbuf", wrapper("", "-i -o -e --input --output --error", { transparent: "always" })],
  ["command", wrapper("-p", "", { transparent: "always" })],
  ["builtin", wrapper("", "", { transparent: "always" })],
  ["noglob", wrapper("", "", { transparent: "always" })],
  ["exec", wrapper("-c -l", "-a")],
  [
    "env",
    wrapper("- -i -0 -v --ignore-environment --null --debug", "-u -C --unset --chdir", { assignments: true }),
  ],
  [
    "sudo",
    wrapper(
      "-A -b -E -H -k -n -P -S --background --preserve-env --non-interactive --stdin",
      "-u -g -h -p -C -T -r -t -U -D -R --user --group",
      {
        assignments: true,
      },
    ),
  ],
  ["doas", wrapper("-n -L", "-u -C")],
  [
    "xargs",
    wrapper(
      "-0 -r -t -p -x -o --null --no-run-if-empty --verbose --interactive --exit",
      "-I -n -P -L -s -d -a -E --replace --max-args --max-procs --max-lines --max-chars --delimiter --arg-file",
      { open: true, transparent: "without-flags" },
    ),
  ],
  ["setsid", wrapper("-c -f -w --ctty --fork --wait", "")],
  ["ionice", wrapper("-t --ignore", "-c -n --class --classdata")],
  [
    "flock",
    wrapper("-s -x -e -n -u -o -F --shared --exclusive --nonblock", "-w -E --timeout", { operands: 1 }),
  ],
  ["chroot", wrapper("", "--userspec --groups", { operands: 1 })],
  ["busybox", wrapper("", "")],
  ["toybox", wrapper("", "")],
]);

/** Programs that run others in ways that are not known here: any of their arguments may start one. */
export const unclearWrappers: ReadonlySet<string> = new Set([
  "watch",
  "parallel",
  "strace",
  "ltrace",
  "gdb",
  "perf",
  "chrt",
  "taskset",
  "setarch",
  "unshare",
  "nsenter",
  "runuser",
  "su",
  "systemd-run",
  "script",
  "unbuffer",
  "fakeroot",
  "proot",
  "firejail",
  "bwrap",
  "setpriv",
  "capsh",
  "dbus-run-session",
  "xvfb-run",
  "entr",
  "start-stop-daemon",
  "coproc",
  "pkexec",
  "gosu",
  "su-exec",
  "prlimit",
  "numactl",
  "cgexec",
  "cpulimit",
  "faketime",
  "eatmydata",
  "chronic",
  "rlwrap",
  "torsocks",
  "proxychains",
  "proxychains4",
  "hyperfine",
  "direnv",
  "poetry",
  "pipenv",
  "uv",
  "bundle",
  "conda",
  "mise",
  "rustup",
  "gtimeout",
  "gnice",
  "genv",
  "gxargs",
  "caffeinate",
  "arch",
  "linux32",
  "linux64",
  "catchsegv",
  "valgrind",
  "ld.so",
  "ld-linux-x86-64.so.2",
  "ld-linux-aarch64.so.1",
  "tmux",
  "screen",
  "tini",
  "dumb-init",
  "npx",
  "bunx",
  "sg",
  "asdf",
  "dotenv",
  "env-cmd",
  "cross-env",
  "watchexec",
  "torify",
  "uvx",
  "pipx",
  "nix",
  "dbus-launch",
  "timelimit",
  "nq",
  "ts",
  "tsp",
  "sem",
  "chpst",
  "setuidgid",
  "softlimit",
  "daemonize",
  "daemon",
  "choom",
  "uclampset",
  "op",
  "aws-vault",
  "doppler",
  "infisical",
  "chamber",
  "envchain",
  "with-contenv",
]);

/** Commands of package managers and their like that run what follows; their others have names like those of programs (`npm rm`). */
export const runningCommands: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["npm", names("exec x")],
  ["pnpm", names("exec dlx")],
  ["yarn", names("exec dlx")],
  ["bun", names("x")],
  ["jobs", names("-x")],
  ["rbenv", names("exec")],
  ["pyenv", names("exec")],
  ["volta", names("run")],
  ["nvm", names("exec run")],
  ["devbox", names("run")],
]);

/** Programs that run others and that only an exact rule can allow: a rule with `*` would allow anything. */
export const onlyExactly: ReadonlySet<string> = new Set(["watch", "setsid", "ionice", "flock"]);

function wrapper(
  flags: string,
  values: string,
  rest: Partial<Pick<Wrapper, "operands" | "assignments" | "open" | "transparent">> = {},
): Wrapper {
  return { operands: 0, ...rest, flags: names(flags), values: names(values) };
}

function names(list: string): ReadonlySet<string> {
  return new Set(list.split(" ").filter((name) => name !== ""));
}
