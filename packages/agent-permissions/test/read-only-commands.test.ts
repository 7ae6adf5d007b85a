import type { JsonObject } from "@claw/agent-core";
import { afterAll, describe, expect, test } from "vitest";
import { checkReadOnlyCommand, isReadOnlyCommandFault, type ReadOnlyCommand } from "../src/index.ts";
import { shell } from "./support/judge.ts";
import { makeWorkspace } from "./support/workspace.ts";

const workspace = makeWorkspace();
afterAll(workspace.remove);

const podmanPs: JsonObject = {
  command: "podman ps",
  flags: "-a --all -q",
  values: "-f --filter --format",
  match: ["podman ps", "podman ps -aq --format '{{.ID}}'"],
  not_match: ["podman ps -H tcp://x", "podman rm x", "podman ps x"],
};

async function checked(written: JsonObject): Promise<ReadOnlyCommand> {
  const command = await checkReadOnlyCommand(written);
  if (isReadOnlyCommandFault(command)) throw new Error(command.message);
  return command;
}

describe("permissions.readOnlyCommands: programs that the user knows to only read", () => {
  test("an entry with good examples makes its command, with its flags, run without a question", async () => {
    const readOnlyCommands = [await checked(podmanPs)];
    const setting = { readOnlyCommands };
    for (const command of ["podman ps", "podman ps -a | head -3", "timeout 5 podman ps -q"]) {
      expect(await shell(workspace, command)).toMatchObject({ type: "ask" });
      expect(await shell(workspace, command, setting)).toMatchObject({ type: "allow" });
      expect(await shell(workspace, command, { ...setting, mode: "plan" })).toMatchObject({ type: "allow" });
    }
    for (const command of [
      "podman ps --no-trunc",
      "podman rm x",
      "./podman ps",
      "podman ps > x",
      "CONTAINER_HOST=x podman ps",
    ]) {
      expect(await shell(workspace, command, setting)).toMatchObject({ type: "ask" });
    }
    const denied = { ...setting, rules: ["deny Bash(podman *)"] };
    expect(await shell(workspace, "podman ps", denied)).toMatchObject({ type: "deny" });
  });

  test("its operands are judged as what it says they are", async () => {
    const readOnlyCommands = [
      await checked({
        command: "cloc",
        operands: "paths",
        flags: "--json",
        match: ["cloc src"],
        not_match: ["cloc --x"],
      }),
    ];
    expect(await shell(workspace, "cloc src", { readOnlyCommands })).toMatchObject({ type: "allow" });
    expect(await shell(workspace, "cloc ../ws-sibling", { readOnlyCommands })).toMatchObject({ type: "ask" });
    const rules = ["deny Read(secrets/**)"];
    expect(await shell(workspace, "cloc secrets", { readOnlyCommands, rules })).toMatchObject({
      type: "deny",
    });
  });

  test("it adds flags to a built-in program and takes none away", async () => {
    const more = {
      command: "du",
      flags: "-L",
      operands: "paths",
      match: ["du -L src"],
      not_match: ["du -X f"],
    };
    const readOnlyCommands = [await checked(more)];
    expect(await shell(workspace, "du -L src", { readOnlyCommands })).toMatchObject({ type: "allow" });
    expect(await shell(workspace, "du -sh src", { readOnlyCommands })).toMatchObject({ type: "allow" });
  });

  const { match, not_match: notMatch } = podmanPs;
  const faults: readonly (readonly [JsonObject, RegExp])[] = [
    [
      { ...podmanPs, match: ["podman ps --no-trunc"] },
      /does not match its example `podman ps --no-trunc`.*nothing is known/,
    ],
    [{ ...podmanPs, match: ["podman ps; podman ps"] }, /not one command/],
    [{ ...podmanPs, match: ["podman ps > x"] }, /more than a command/],
    [{ ...podmanPs, match: ["podman ps 'x"] }, /does not parse/],
    [{ ...podmanPs, not_match: ["podman ps -a"] }, /matches `podman ps -a`, which it says it does not/],
    [{ command: "podman ps", match: match ?? null }, /no examples/],
    [{ command: "podman ps", match: [], not_match: notMatch ?? null }, /no examples/],
    [{ ...podmanPs, flag: "-a" }, /no field "flag"/],
    [{ ...podmanPs, flags: "a" }, /"flags" has to be a text of flags/],
    [{ ...podmanPs, flags: ["-a"] }, /"flags" has to be/],
    [{ ...podmanPs, operands: "files" }, /"operands" has to be/],
    [{ ...podmanPs, operand: "(" }, /"operand" has to be a regular expression/],
    [{ ...podmanPs, most: -1 }, /"most" has to be/],
    [{ ...podmanPs, command: "./podman" }, /"command" has to be the bare name/],
    [{ ...podmanPs, command: "docker*" }, /"command" has to be the bare name/],
    [{ ...podmanPs, command: 1 }, /"command" has to be/],
    [{ ...podmanPs, command: "sudo ls" }, /sudo runs or changes something/],
    [{ ...podmanPs, command: "eval" }, /eval runs or changes something/],
  ];
  test.each(faults)("a wrong entry is a fault that says what is wrong: %j", async (written, message) => {
    const fault = await checkReadOnlyCommand(written);
    expect(fault).toMatchObject({ code: "read-only-command" });
    expect(fault).toHaveProperty("message", expect.stringMatching(message));
    expect(fault).toHaveProperty(
      "message",
      expect.stringMatching(/permissions\.readOnlyCommands is not used/),
    );
    expect(fault).toHaveProperty("hint", expect.stringMatching(/\S/));
  });

  test("what is no object at all is a fault", async () => {
    for (const written of ["podman ps", null, 1, ["podman ps"]]) {
      expect(await checkReadOnlyCommand(written)).toMatchObject({ code: "read-only-command" });
    }
  });
});
