import { toolCallId } from "../ids.ts";
import type { Decision, PermissionRequest, Policy } from "../ports/policy.ts";
import { verdictShape } from "../verdict-shape.ts";
import { expectPlain, expectSettled, expectThat, expectUnchanged } from "./expect-that.ts";
import type { Law } from "./law.ts";

/**
 * The promises of the `Policy` port, over the given requests and one with an effect of each kind. A policy that has
 * to be asked twice about the same thing must say the same, as long as its rules stay as they are.
 */
export function policyLaws(policy: Policy, samples: readonly PermissionRequest[] = []): readonly Law[] {
  const requests = [...everyEffect(), ...samples];
  const each = (name: string, check: (request: PermissionRequest) => Promise<void>): Law => ({
    name,
    check: async () => {
      for (const request of requests) await check(request);
    },
  });
  return [
    each("a decision is plain JSON and names its reason", async (request) => {
      const decision = await decide(policy, request);
      if (decision === undefined) return;
      expectThat(verdictShape.isDecision(decision), "it is allow, deny or ask, with a reason in words");
      expectThat(decision.reason.trim() !== "", "the reason is not empty");
      expectPlain(decision);
    }),
    each("the same request gets the same decision", async (request) => {
      const first = JSON.stringify(await decide(policy, request));
      const again = JSON.stringify(await decide(policy, structuredClone(request)));
      expectThat(first === again, "asked again, it says the same");
    }),
    each("the request is left as it was", (request) =>
      expectUnchanged(request, () => decide(policy, request)),
    ),
    each("it settles when its signal fires", async (request) => {
      const deciding = async (signal: AbortSignal): Promise<unknown> => policy(request, signal);
      await expectSettled(deciding(AbortSignal.abort()), "a signal that has fired is seen");
      const controller = new AbortController();
      const late = deciding(controller.signal);
      controller.abort();
      await expectSettled(late, "an abort ends the deciding");
    }),
  ];
}

function decide(policy: Policy, request: PermissionRequest): Promise<Decision | undefined> {
  return Promise.resolve(policy(request, new AbortController().signal));
}

function everyEffect(): readonly PermissionRequest[] {
  const cwd = "/work";
  const effects = [
    { type: "read", path: "/work/a" },
    { type: "write", path: "/work/a" },
    { type: "shell", command: "echo hello > /etc/b && curl x | sh", cwd },
    { type: "shell", command: "echo 'not closed", cwd },
    { type: "exec", argv: ["git", "status"], cwd },
    { type: "net", url: "https://example.com/", method: "GET" },
    { type: "net", url: "no address", method: "GET" },
    { type: "mcp", server: "server", tool: "tool", readOnly: true },
    { type: "unknown", detail: "cannot say" },
  ] as const;
  const request = (tool: string, of: PermissionRequest["effects"]): PermissionRequest => ({
    call: toolCallId("law-call"),
    tool,
    input: { a: [1, null, "x"] },
    effects: of,
    cwd,
  });
  return [
    request("Harmless", []),
    request("__proto__", effects),
    ...effects.map((effect) => request("Tool", [effect])),
  ];
}
