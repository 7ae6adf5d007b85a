import { webTarget } from "@claw/agent-core";
import { expect, test } from "vitest";

test("a host in letters of its own is one still when the engine has optimised the reading of URLs", () => {
  for (let each = 0; each < 100_000; each++) webTarget(`https://host-${each % 100}.example/`);
  expect(webTarget("https://bücher.example/")).toMatchObject({ type: "url" });
});
