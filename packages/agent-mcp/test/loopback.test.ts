import { get } from "node:http";
import { text } from "node:stream/consumers";
import { openLoopback } from "@claw/agent-mcp";
import { expect, test } from "vitest";

/** What comes back for a path as it is written; `fetch` would tidy it up. */
function ask(redirectUrl: string, path: string): Promise<string> {
  const { port } = new URL(redirectUrl);
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path }, (response) => text(response).then(resolve, reject)).on(
      "error",
      reject,
    );
  });
}

test("whoever comes by in place of the browser is turned away, whatever it asks for", async () => {
  let shown: URL | undefined;
  await using loopback = await openLoopback((url) => {
    shown = url;
  });
  const { redirectUrl, authorize } = loopback;
  const back = authorize(new URL("https://issuer.example/authorize?state=s"), new AbortController().signal);
  for (const path of ["//", "/", "http://[", "/callback", "/callback?state=t&code=c"])
    expect(await ask(redirectUrl, path)).toMatch(/^This is not the answer/);
  expect(await ask(redirectUrl, "/callback?state=s&code=c")).toMatch(/^You are logged in/);
  expect((await back).get("code")).toBe("c");
  expect(shown?.host).toBe("issuer.example");
});
