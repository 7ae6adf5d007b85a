import { expect, test } from "vitest";
import { call, codeOf, fake, serverOf, startMcp, stateOf } from "./support.ts";

test("law 12: a listener that throws, and a store that does, harm no server and no other listener", async () => {
  const known = {
    load: () => Promise.resolve(undefined),
    save: () => Promise.reject(new Error("The disk is full.")),
  };
  await using mcp = await startMcp({ good: fake("good"), other: fake("good") }, { known });
  const heard = new Set<string>();
  mcp.observe(() => {
    throw new Error("A listener broke.");
  });
  mcp.observe((change) => heard.add(`${change.server} ${change.type}`));
  await Promise.all([stateOf(mcp, "good", "ready"), stateOf(mcp, "other", "ready")]);
  expect([...heard].sort()).toEqual(["good catalog", "good state", "other catalog", "other state"]);
  const changed = new Promise<void>((resolve) => {
    mcp.observe(({ type }) => type === "catalog" && resolve());
  });
  expect(codeOf(await call(mcp, "good", "write", { text: "change" }))).toBe("ok");
  await changed;
  expect(serverOf(mcp, "good").catalog().tools.at(-1)?.name).toBe("extra");
});
