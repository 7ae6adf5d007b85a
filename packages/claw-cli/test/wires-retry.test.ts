import type { MockReply } from "@claw/testkit";
import { describe, expect, test } from "vitest";
import { clawPlace } from "./run-claw.ts";
import { serve, wires } from "./wire-case.ts";

// Each waits five seconds in all before it tries again, and they do so together.
describe.concurrent.each(wires)("on $wire", (each) => {
  test("V7, error_429_retry_after, error_529_then_ok: what may pass is tried again, and said", async () => {
    const again = { "retry-after": "0" };
    const script: MockReply[] = [
      { fault: { type: "reset" } },
      { fault: { type: "status", status: 429, headers: again } },
      { fault: { type: "status", status: 500, headers: again } },
      { fault: { type: "status", status: 529, headers: again } },
      { text: "at last" },
    ];
    await using place = await clawPlace();
    await using mock = await serve(script, each);
    const args = ["-q", "hi", ...each.flags(mock.url)];
    const { code, stdout, stderr } = await place.run(args, { env: each.env(mock.url) });
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: "at last\n" });
    expect(stderr.match(/^Trying again in .*$/gm)).toHaveLength(4);
    expect(mock.requests).toHaveLength(5);
  });
});
