import { transportLaws } from "@claw/agent-core/testing";
import { nodeTransport } from "@claw/agent-sdk";
import { deadAddress, type LawServer, lawServer } from "@claw/testkit";
import { afterAll, beforeAll, describe, test } from "vitest";

const address = { url: "", deadUrl: "" };
let server: LawServer;
beforeAll(async () => {
  address.deadUrl = await deadAddress();
  server = await lawServer();
  address.url = server.url;
});
afterAll(() => server[Symbol.asyncDispose]());

describe("nodeTransport keeps the laws of its port", () => {
  for (const law of transportLaws(nodeTransport(), address)) test(law.name, law.check);
});
