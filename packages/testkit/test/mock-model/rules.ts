import type { JsonObject } from "@claw/agent-core";
import { startMockModel } from "@claw/testkit";
import { expect } from "vitest";
import type { Vendor } from "./client.ts";
import { send } from "./client.ts";

/** One rule of a vendor: a request that breaks it, and what the vendor says. */
export interface RuleCase {
  readonly rule: string;
  readonly body: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly says: RegExp;
}

/** The mock refuses the request in the vendor's error shape and remembers why. */
export async function expectRefusal(vendor: Vendor, broken: RuleCase): Promise<void> {
  await using mock = await startMockModel({ script: [{ text: "ok" }] });
  const answer = await send(mock, vendor, broken.body, broken.headers);
  expect(answer.status).toBe(broken.status ?? 400);
  expect(messageOf(vendor, JSON.parse(answer.text))).toMatch(broken.says);
  expect(mock.violations.join("\n")).toMatch(broken.says);
  expect(() => mock.assertClean()).toThrow(broken.says);
}

export async function expectAccepted(vendor: Vendor, body: JsonObject): Promise<void> {
  await using mock = await startMockModel({ script: [{ text: "ok" }] });
  const answer = await send(mock, vendor, body);
  mock.assertClean();
  expect(answer.status).toBe(200);
}

function messageOf(vendor: Vendor, body: unknown): unknown {
  if (vendor === "ollama") {
    expect(body).toEqual({ error: expect.any(String) });
    return (body as { error: string }).error; // checked by the line above
  }
  const shape =
    vendor === "anthropic"
      ? { type: "error", error: { type: expect.any(String), message: expect.any(String) } }
      : {
          error: {
            message: expect.any(String),
            type: "invalid_request_error",
            param: expect.toBeOneOf([expect.any(String), null]),
            code: expect.toBeOneOf([expect.any(String), null]),
          },
        };
  expect(body).toEqual(shape);
  return (body as { error: { message: string } }).error.message; // checked by the line above
}
