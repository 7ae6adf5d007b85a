import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CommandSpec,
  commandTable,
  conversationCommand,
  generalOptions,
  queryCommand,
} from "../../src/flags/command-table.ts";
import type { Flags } from "../../src/flags/flags.ts";
import { helpText } from "../../src/flags/help-text.ts";
import { optionTable } from "../../src/flags/option-table.ts";
import { parseCommandLine } from "../../src/flags/parse-command-line.ts";

function flags(...argv: string[]): Flags {
  const line = parseCommandLine(argv);
  if (line.type !== "run") throw new Error(`${line.type}: ${JSON.stringify(line)}`);
  return line.flags;
}

function refusal(...argv: string[]): { readonly message: string; readonly hint: string } {
  const line = parseCommandLine(argv);
  if (line.type !== "usage-error") throw new Error(`${line.type} is no refusal`);
  return line;
}

function rewound(...args: readonly string[]): unknown {
  const parsed = parseCommandLine(["sessions", "rewind", "s", ...args]);
  return parsed.type === "sessions" && parsed.action.type === "rewind" ? parsed.action.how : undefined;
}

function added(...args: readonly string[]): unknown {
  const parsed = parseCommandLine(["mcp", "add", "n", ...args]);
  return parsed.type === "mcp" ? parsed.action : parsed;
}

/** One way to give each option, and what it must do. A new row of the table without one here fails below. */
const cases: Readonly<Record<string, () => void>> = {
  query: () => expect(flags("-q", "hi").query).toBe("hi"),
  print: () => {
    expect(flags("--print", "hi")).toEqual({ ...flags("-q", "hi"), print: true });
    expect(flags("--print")).toMatchObject({ print: true });
    expect(flags("--print").query).toBeUndefined();
    expect(flags("--print", "--model", "m", "hi").query).toBe("hi");
  },
  model: () => expect(flags("-m", "qwen").model).toBe("qwen"),
  system: () => {
    expect(flags("-s", "be short").system).toBe("be short");
    expect(flags("-s", "").system).toBe("");
    expect(flags("--system=").system).toBe("");
  },
  permission: () => expect(flags("-p", "deny").permission).toBe("deny"),
  "permission-mode": () => expect(flags("--permission-mode", "plan").permissionMode).toBe("plan"),
  provider: () => expect(flags("--provider", "openai-responses").provider).toBe("openai-responses"),
  "fallback-model": () => {
    expect(flags("--fallback-model", "a,b:c").fallbackModels).toEqual(["a", "b:c"]);
    expect(refusal("--fallback-model", "a,").message).toContain("empty name");
  },
  "json-schema": () => expect(flags("--json-schema", "a.json").jsonSchema).toBe("a.json"),
  effort: () => expect(flags("--effort", "low").effort).toBe("low"),
  "ollama-url": () => expect(flags("--ollama-url", "http://h:1").ollamaUrl).toBe("http://h:1"),
  "max-turns": () => {
    expect(flags().maxTurns).toBe(100);
    expect(flags("--max-turns", "3").maxTurns).toBe(3);
    for (const bad of ["0", "-1", "1.5", "many", ""])
      expect(refusal(`--max-turns=${bad}`).message).toContain("max-turns");
  },
  "max-budget-usd": () => {
    expect(flags("--max-budget-usd", "0.25").maxBudgetUsd).toBe(0.25);
    for (const bad of ["0", "-1", "a", "1e9"])
      expect(refusal(`--max-budget-usd=${bad}`).message).toContain("budget");
  },
  "stub-script": () => {
    expect(flags("--stub-script", "f")).toMatchObject({ stubScript: "f", provider: "stub" });
    expect(refusal("--stub-script", "f", "--provider", "ollama").message).toContain("stub");
  },
  "output-format": () => {
    expect(flags().outputFormat).toBe("text");
    expect(flags("--output-format", "stream-json").outputFormat).toBe("stream-json");
  },
  "allowed-tools": () => {
    expect(
      flags("--allowed-tools", "Read, Bash(npm test:*),Edit", "--allowedTools", "Grep Glob").allowedTools,
    ).toEqual(["Read", "Bash(npm test:*)", "Edit", "Grep", "Glob"]);
  },
  "disallowed-tools": () =>
    expect(flags("--disallowedTools=Bash(rm -rf, x)").disallowedTools).toEqual(["Bash(rm -rf, x)"]),
  "defer-permissions": () => {
    expect(flags().deferPermissions).toBe(false);
    expect(flags("-q", "x", "--defer-permissions").deferPermissions).toBe(true);
  },
  message: () => {
    const action = { session: "s", verdict: { type: "deny", message: "no" } };
    expect(parseCommandLine(["answer", "s", "deny", "--message", "no"])).toMatchObject({ action });
    expect(refusal("answer", "s", "allow", "--message", "no")).toMatchObject({
      message: "claw answer ID allow does not take --message.",
      hint: expect.stringContaining("It is for claw answer ID deny."),
    });
    const allowed = { session: "s", call: "c", verdict: { type: "allow" } };
    expect(parseCommandLine(["answer", "s", "allow", "c"])).toMatchObject({
      type: "answer",
      action: allowed,
    });
    expect(parseCommandLine(["answer", "s"])).toMatchObject({ type: "answer", action: { session: "s" } });
  },
  "add-dir": () => expect(flags("--add-dir", "a", "--add-dir=b").addDir).toEqual(["a", "b"]),
  sandbox: () => {
    expect(flags().sandbox).toBeUndefined();
    for (const args of [["--sandbox"], ["--sandbox=on"]]) expect(flags(...args).sandbox).toBe("on");
    expect(flags("--sandbox", "required").sandbox).toBe("required");
    expect(flags("--sandbox=off").sandbox).toBe("off");
    expect(refusal("--sandbox=maybe").message).toContain("--sandbox");
  },
  "no-sandbox": () => {
    expect(flags("--no-sandbox").sandbox).toBe("off");
    expect(refusal("--sandbox", "--no-sandbox").message).toContain("cannot be used together");
  },
  settings: () => expect(flags("--settings", '{"a":1}').settings).toBe('{"a":1}'),
  "setting-sources": () => {
    expect(flags("--setting-sources", "user, local").settingSources).toEqual(["user", "local"]);
    expect(flags("--setting-sources=").settingSources).toEqual([]);
    expect(refusal("--setting-sources", "usr").message).toContain("Did you mean user?");
  },
  to: () => {
    expect(rewound("--to", "3")).toMatchObject({
      to: 3,
      files: true,
      conversation: true,
      dryRun: false,
      force: false,
    });
    for (const bad of ["0", "-1", "x"])
      expect(refusal("sessions", "rewind", "s", `--to=${bad}`).message).toContain("--to");
    expect(refusal("-q", "hi", "--to", "3").hint).toContain("It is for claw sessions rewind.");
  },
  only: () => {
    expect(rewound("--to", "3", "--only", "files")).toMatchObject({ files: true, conversation: false });
    expect(rewound("--to", "3", "--only", "conversation")).toMatchObject({
      files: false,
      conversation: true,
    });
    expect(refusal("sessions", "rewind", "s", "--to", "3", "--only", "all").hint).toContain("conversation");
  },
  "dry-run": () => {
    expect(rewound("--to", "3", "--dry-run")).toMatchObject({ dryRun: true });
    expect(refusal("sessions", "rewind", "s", "--dry-run").message).toContain("needs --to");
  },
  force: () => {
    expect(rewound("--to", "3", "--force")).toMatchObject({ force: true });
    expect(refusal("sessions", "delete", "s", "--force").hint).toContain("claw sessions rewind.");
  },
  sessions: () => {
    const action = (...args: readonly string[]) => parseCommandLine(["policy", "diff", "a", "b", ...args]);
    expect(action()).toMatchObject({ action: { type: "diff", before: "a", after: "b" } });
    expect(action("--sessions", "x,y")).toMatchObject({ action: { sessions: ["x", "y"] } });
    expect(action("--sessions", "all")).not.toHaveProperty("action.sessions");
    expect(parseCommandLine(["policy", "decide", "--sessions", "x"]).type).toBe("usage-error");
  },
  "trust-workspace": () => {
    expect(flags().trustWorkspace).toBe(false);
    expect(flags("--trust-workspace").trustWorkspace).toBe(true);
  },
  "mcp-config": () =>
    expect(flags("--mcp-config", "a.json", "--mcp-config={}").mcpConfig).toEqual(["a.json", "{}"]),
  "no-instructions": () => {
    expect(flags().instructions).toBe(true);
    expect(flags("--no-instructions").instructions).toBe(false);
  },
  "strict-mcp-config": () => expect(flags("--strict-mcp-config").strictMcpConfig).toBe(true),
  agents: () => expect(flags("--agents", "{}").agents).toBe("{}"),
  cwd: () => expect(flags("--cwd", "/x").cwd).toBe("/x"),
  continue: () => expect(flags("-c").resume).toEqual({ type: "latest" }),
  resume: () => {
    expect(flags("-r").resume).toEqual({ type: "choose" });
    expect(flags("-r", "abc", "-q", "x").resume).toEqual({ type: "id", id: "abc" });
    expect(flags("--resume=abc").resume).toEqual({ type: "id", id: "abc" });
    expect(refusal("-r", "-c").message).toBe("--continue and --resume cannot be used together.");
  },
  "fork-session": () => {
    expect(flags("-c").fork).toBe(false);
    expect(flags("-r", "abc", "--fork-session", "--session-id", "s1")).toMatchObject({
      fork: true,
      resume: { type: "id", id: "abc" },
      sessionId: "s1",
    });
    expect(refusal("--fork-session").message).toBe("--fork-session goes with --resume or --continue.");
    expect(refusal("--fork-session", "-r", "-c").message).toContain("cannot be used together");
  },
  "session-id": () => {
    expect(flags("--session-id", "s1").sessionId).toBe("s1");
    expect(refusal("-r", "abc", "--session-id", "s1").message).toBe(
      "--resume and --session-id cannot be used together.",
    );
  },
  "no-extensions": () => {
    expect(flags().extensions).toBe(true);
    expect(flags("--no-extensions").extensions).toBe(false);
  },
  "no-wake": () => {
    expect(flags().wake).toBe(true);
    expect(flags("--no-wake").wake).toBe(false);
  },
  verbose: () => expect(flags("--verbose").verbose).toBe(true),
  version: () => expect(parseCommandLine(["--version"])).toEqual({ type: "version" }),
  help: () => {
    expect(parseCommandLine(["-q", "x", "-h"])).toEqual({ type: "help", words: [] });
    for (const argv of [
      ["mcp", "add", "-h"],
      ["--help", "mcp", "add"],
      ["help", "mcp", "add"],
    ])
      expect(parseCommandLine(argv)).toEqual({ type: "help", words: ["mcp", "add"] });
    expect(refusal("help", "doctr").message).toContain("Did you mean doctor?");
    expect(parseCommandLine(["mcp", "add", "x", "--", "server", "--help"])).toMatchObject({ type: "mcp" });
  },
  scope: () => expect(added("--scope", "user", "--", "x")).toMatchObject({ scope: "user" }),
  transport: () =>
    expect(added("-t", "sse", "https://x")).toMatchObject({ definition: { type: "sse", url: "https://x" } }),
  env: () => {
    expect(added("-e", "A=b", "--env=C=d", "--", "x")).toMatchObject({
      definition: { env: { A: "b", C: "d" } },
    });
    expect(refusal("mcp", "add", "n", "-e", "A=b", "https://x").message).toContain(
      "--env says nothing about n",
    );
  },
  header: () => {
    expect(added("-H", "A: b", "https://x")).toMatchObject({ definition: { headers: { A: "b" } } });
    expect(refusal("mcp", "add", "n", "-H", "A: b", "x").message).toContain("--header says nothing about n");
  },
  "client-id": () =>
    expect(added("--client-id", "me", "https://x")).toMatchObject({
      definition: { oauth: { clientId: "me" } },
    }),
  "callback-port": () => {
    expect(added("--callback-port", "4000", "https://x")).toMatchObject({
      definition: { oauth: { callbackPort: 4000 } },
    });
    for (const bad of ["x", "0", "65536"])
      expect(refusal("mcp", "add", "n", `--callback-port=${bad}`, "https://x").message).toContain(
        "callback-port",
      );
  },
  all: () =>
    expect(parseCommandLine(["mcp", "logout", "--all"])).toMatchObject({ action: { type: "logout-all" } }),
};

describe("each option", () => {
  for (const spec of optionTable) {
    test(`--${spec.name}`, () => {
      const checks = cases[spec.name];
      if (checks === undefined) throw new Error("This option has no test.");
      checks();
    });
  }

  // What else an open one may be is known later: a value that nobody has is refused then.
  const closed = optionTable.filter(({ value }) => value?.choices !== undefined && value.isOpen !== true);
  for (const spec of closed) {
    const id = { permission: "C5: " }[spec.name] ?? "";
    test(`${id}an unknown value of --${spec.name} is refused with all valid ones`, () => {
      const { message, hint } = refusal(...takerOf(spec.name), `--${spec.name}`, "nonsense-value");
      expect(message).toContain("nonsense-value");
      expect(hint).toBe(`Valid values: ${spec.value?.choices?.join(", ")}.`);
      for (const choice of spec.value?.choices ?? [])
        expect(["run", "mcp", "sessions"]).toContain(
          parseCommandLine([...takerOf(spec.name), `--${spec.name}=${choice}`]).type,
        );
    });
  }
});

/** A way to call each command with what it needs beside this option. */
function callOf({ usage }: CommandSpec, option: string): readonly string[] {
  if (usage.startsWith("-q")) return option === "query" || option === "print" ? [] : ["-q", "x"];
  if (usage.startsWith("mcp add N")) {
    const url = ["header", "client-id", "callback-port"].includes(option);
    return ["mcp", "add", "n", url ? "https://x" : "x"];
  }
  if (usage === "mcp logout NAME" && option === "all") return ["mcp", "logout"];
  const words = usage.split(" ").filter((word) => !word.startsWith("[") && word !== "--");
  const needed = option === "resume" || !usage.startsWith("sessions rewind") ? [] : ["--to", "1"];
  return [...words.map((word) => (word === "JSON" ? "{}" : word)), ...needed];
}

/** The option, with a value that it has and what it needs beside it. */
function given(name: string): readonly string[] {
  const spec = optionTable.find((each) => each.name === name);
  const value: Readonly<Record<string, string>> = {
    ...{ "max-turns": "1", "max-budget-usd": "1", to: "1", env: "A=b", header: "A: b", "callback-port": "1" },
    ...{ "setting-sources": "user" },
  };
  const needed = name === "fork-session" ? ["--continue"] : [];
  if (spec?.value === undefined) return [`--${name}`, ...needed];
  return [`--${name}=${value[name] ?? spec.value.choices?.[0] ?? "v"}`];
}

const allCommands = [conversationCommand, queryCommand, ...commandTable()];

function takerOf(option: string): readonly string[] {
  const spec = allCommands.find(({ takes }) => takes.includes(option));
  return spec === undefined ? [] : callOf(spec, option);
}

describe("a command takes the options that its line of the table names, and no other", () => {
  const names = optionTable.map(({ name }) => name);

  test.each(allCommands.map((spec) => [spec.usage, spec] as const))("claw %s", (usage, spec) => {
    expect(spec.takes.filter((name) => !names.includes(name))).toEqual([]);
    const call = (name: string) => (usage === "[options]" ? [] : callOf(spec, name));
    // What a query alone takes is found out at the terminal.
    const also = spec === conversationCommand ? queryCommand.takes : [];
    const takes = [...spec.takes, ...also, ...generalOptions];
    expect(parseCommandLine(call("")).type).not.toBe("usage-error");
    for (const name of names) {
      for (const argv of [
        [...call(name), ...given(name)],
        [...given(name), ...call(name)],
      ]) {
        const line = parseCommandLine(argv);
        if (takes.includes(name)) expect(line, argv.join(" ")).not.toHaveProperty("message");
        else {
          expect(line, argv.join(" ")).toMatchObject({ type: "usage-error" });
          expect(refusal(...argv).message).toMatch(
            name === "query" || name === "print"
              ? "is one word too many"
              : new RegExp(`does not take --${name}.$`),
          );
        }
      }
    }
  });

  test("each option is some command's", () => {
    const taken = new Set([...generalOptions, ...allCommands.flatMap(({ takes }) => takes)]);
    expect(names.filter((name) => !taken.has(name))).toEqual([]);
  });

  test("what is refused says whose it is, and where to read more", () => {
    expect(refusal("sessions", "--model", "x")).toEqual({
      type: "usage-error",
      message: "claw sessions list does not take --model.",
      hint:
        "It is for a conversation, claw -q, claw answer ID allow, claw answer ID deny, claw conformance. " +
        "claw sessions list --help shows what it takes.",
    });
    expect(refusal("mcp", "list", "--scope", "user").hint).toContain(
      "It is for claw mcp add, claw mcp add-json, claw mcp remove.",
    );
    expect(refusal("plugin", "enable", "p", "--cwd", "/").hint).toContain("claw sessions …, claw tasks …");
  });

  test("--help of a command lists exactly these", () => {
    for (const spec of commandTable()) {
      const words = spec.usage.split(" ").filter((word) => !word.startsWith("["));
      const isOfMany = commandTable().some(
        ({ usage }) => usage !== spec.usage && usage.startsWith(`${words.join(" ")} `),
      );
      if (isOfMany) continue;
      const listed = [...helpText(words).matchAll(/^ {2}(?:-\w, | {4})--([\w-]+)/gm)].map(([, name]) => name);
      expect(listed, spec.usage).toEqual(
        names.filter((name) => [...spec.takes, ...generalOptions].includes(name)),
      );
    }
    expect(helpText(["sessions"])).toMatch(/--dry-run .*\n +For claw sessions rewind\.\n/);
  });
});

test("a near option of the command is suggested first, and only its own are listed", () => {
  expect(refusal("sessions", "rewind", "s", "--onyl", "files")).toMatchObject({
    message: "unknown option --onyl. Did you mean --only?",
    hint: expect.not.stringContaining("--model"),
  });
  expect(refusal("sessions", "list", "--modle", "x").message).toContain("Did you mean --model?");
  expect(refusal("mcp", "add", "n", "npx", "-y", "server").hint).toContain("stands after --");
});

test("an option that is written with one dash is not taken apart", () => {
  expect(refusal("-query", "hi").message).toBe("unknown option -query. Did you mean --query?");
  expect(refusal("-model", "x", "-q", "hi").message).toContain("Did you mean --model?");
  expect(flags("-qhi").query).toBe("hi");
});

test("an option that may stand alone leaves the command behind it alone", () => {
  expect(parseCommandLine(["--sandbox", "doctor"])).toMatchObject({
    type: "doctor",
    flags: { sandbox: "on" },
  });
  expect(parseCommandLine(["--cwd", "/x", "mcp", "list"])).toMatchObject({
    type: "mcp",
    flags: { cwd: "/x" },
  });
});

test("-- ends the options, and is no value", () => {
  expect(flags("--print", "--", "--verbose").query).toBe("--verbose");
  expect(refusal("-q", "--", "x").message).toContain("--query needs a value");
  expect(parseCommandLine(["--verbose", "--", "sessions", "show", "--x"])).toMatchObject({
    action: { id: "--x" },
  });
});

test("C9: --help lists every option and every command", () => {
  const help = helpText([]);
  for (const spec of optionTable) expect(help).toContain(`--${spec.name}`);
  for (const command of commandTable()) expect(help).toContain(`claw ${command.usage}`);
});

test("an unknown option names the near one and all valid ones", () => {
  const { message, hint } = refusal("--provder", "stub");
  expect(message).toBe("unknown option --provder. Did you mean --provider?");
  for (const spec of optionTable) expect(hint).toContain(`--${spec.name}`);
});

test("a near value is suggested", () => {
  expect(refusal("-p", "interactiv").message).toContain("Did you mean interactive?");
});

test("an option where a value is missing is not taken for the value", () => {
  expect(refusal("-q", "--model", "m").message).toBe("--query needs a value, and --model is an option.");
  expect(refusal("-q").message).toContain("--query needs a value");
  expect(flags("--query=--model").query).toBe("--model");
  expect(flags("-q", "-5 + 3 = ?").query).toBe("-5 + 3 = ?");
});

test("a switch takes no value", () => {
  expect(refusal("--verbose=yes").message).toBe("--verbose takes no value.");
});

test("commands", () => {
  expect(parseCommandLine(["doctor"])).toMatchObject({ type: "doctor" });
  expect(parseCommandLine(["sessions"])).toMatchObject({ type: "sessions", action: { type: "list" } });
  expect(parseCommandLine(["sessions", "list", "--verbose"])).toMatchObject({ action: { type: "list" } });
  for (const type of ["show", "export", "delete"]) {
    expect(parseCommandLine(["sessions", type, "s1"])).toMatchObject({
      type: "sessions",
      action: { type, id: "s1" },
    });
    expect(refusal("sessions", type).message).toContain("needs the id");
  }
});

test("an unknown command names the near one and all valid ones", () => {
  expect(refusal("doctr").message).toBe('unknown command "doctr". Did you mean doctor?');
  expect(refusal("fix the bug").hint).toContain("claw -q");
  expect(refusal("sessions", "remove", "x").hint).toContain("delete ID");
  expect(refusal("-q", "two", "words").message).toContain("one word too many");
});

test("any arguments give a command line or a refusal, never a throw", () => {
  const words = fc.oneof(
    fc.string(),
    fc.constantFrom(
      ...optionTable.flatMap((spec) => [`--${spec.name}`, `--${spec.name}=x`, `-${spec.short ?? "x"}`]),
    ),
    fc.constantFrom("mcp", "add", "sessions", "list", "doctor", "--", "-", "stub", "text"),
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 6 }), (argv) => typeof parseCommandLine(argv).type === "string"),
  );
});
