import { explainFailure } from "@claw/agent-sandbox";
import { describe, expect, test } from "vitest";

describe("a failure that the sandbox is the cause of", () => {
  test.each([
    ["bash: line 1: /etc/x: Read-only file system", "only the workspace"],
    ["Error: EROFS: read-only file system, open '/usr/x'", "only the workspace"],
    ["error: could not lock config file .git/config: Read-only file system", "hooks and settings of git"],
    ["curl: (6) Could not resolve host: example.org", "no network"],
    ["ping: connect: Network is unreachable", "no network"],
    ["Error: getaddrinfo EAI_AGAIN registry.npmjs.org", "no network"],
    ["connect ENETUNREACH 192.0.2.1:443", "no network"],
    ["mv: cannot move '.git' to 'g': Device or resource busy", "cannot be moved"],
    ["bwrap: Creating new namespace failed: No space left on device", "could not be set up"],
    ["bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "could not be set up"],
    ["bwrap: setting up uid map: Permission denied", "could not be set up"],
    ["Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", "sockets of other programs"],
    ["strace: ptrace(PTRACE_TRACEME): Operation not permitted", "cannot be traced"],
    ["unshare: unshare failed: Operation not permitted", "could not be set up"],
  ])("%s", (output, part) => {
    expect(explainFailure(`before\n${output}\nafter`)).toContain(part);
  });

  test.each([
    "FAIL test/a.test.ts\nExpected 1 to be 2",
    "error TS2304: Cannot find name 'x'.",
    "cat: no-such-file: No such file or directory",
    "make: *** [Makefile:3: all] Error 1",
    "HTTP 404",
  ])("not: %s", (output) => {
    expect(explainFailure(output)).toBeUndefined();
  });

  test("looks at the end of a long output only, in little time", () => {
    expect(explainFailure(`Read-only file system\n${"x".repeat(5_000_000)}`)).toBeUndefined();
  });
});
