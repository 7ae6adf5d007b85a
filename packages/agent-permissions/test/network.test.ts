import { afterAll, describe, expect, test } from "vitest";
import { createAddressFilter } from "../src/index.ts";
import { bookOf, type Call, decide } from "./support/judge.ts";
import { makeWorkspace } from "./support/workspace.ts";

const workspace = makeWorkspace();
afterAll(workspace.remove);

const fetch = (url: string): Call => ({ tool: "WebFetch", effects: [{ type: "net", url, method: "GET" }] });
const resolveTo = (...addresses: readonly string[]) => ({ resolve: () => Promise.resolve(addresses) });

describe("class 23: places that are not on the public Internet", () => {
  test("are refused in every mode, and the reason says which rule names them", async () => {
    for (const mode of ["default", "acceptEdits", "bypassPermissions"] as const) {
      const decision = await decide(workspace, fetch("http://169.254.169.254/latest/"), { mode });
      expect(decision).toMatchObject({ type: "deny" });
      expect(decision.reason).toContain("cloud metadata");
      expect(decision.reason).toContain("`WebFetch(domain:169.254.169.254)`");
    }
    const local = await decide(workspace, fetch("http://localhost.:3000/"));
    expect(local.reason).toContain("`WebFetch(domain:localhost)`");
  });

  test("a rule on a public name does not name the inner address that it leads to; one on the address does", async () => {
    const setting = { ...resolveTo("10.0.0.5"), rules: ["allow WebFetch(domain:intra.example)"] };
    expect(await decide(workspace, fetch("https://intra.example/"), setting)).toMatchObject({ type: "deny" });
    const both = { ...setting, rules: [...setting.rules, "allow WebFetch(domain:10.0.0.5)"] };
    expect(await decide(workspace, fetch("https://intra.example/"), both)).toMatchObject({ type: "allow" });
  });

  test("one inner address among public ones refuses the host", async () => {
    const setting = { ...resolveTo("93.184.216.34", "fe80::1"), rules: ["allow WebFetch"] };
    expect(await decide(workspace, fetch("https://x.example/"), setting)).toMatchObject({ type: "deny" });
  });

  test("a deny rule on an address hits the names that lead to it, however the address is written", async () => {
    const rules = ["deny WebFetch(domain:93.184.216.34)", "allow WebFetch"];
    for (const address of ["93.184.216.34", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]) {
      const decision = await decide(workspace, fetch("https://x.example/"), { ...resolveTo(address), rules });
      expect(decision).toMatchObject({ type: "deny", rule: "WebFetch(domain:93.184.216.34)" });
    }
  });

  test("a name that cannot be found is judged as a name: whoever connects looks at the address", async () => {
    const setting = { resolve: () => Promise.reject(new Error("ENOTFOUND")), rules: ["allow WebFetch"] };
    expect(await decide(workspace, fetch("https://x.example/"), setting)).toMatchObject({ type: "allow" });
  });

  test("what is no web page's URL is asked about in every mode, and denied by the rule on its host", async () => {
    for (const url of ["file:///etc/passwd", "https://u:p@x.example/", "http://x.example:22/", "nothing"]) {
      const bypass = { mode: "bypassPermissions", rules: ["allow WebFetch"] } as const;
      expect(await decide(workspace, fetch(url), bypass)).toMatchObject({ type: "ask" });
    }
    const denied = { rules: ["deny WebFetch(domain:x.example)"] };
    expect(await decide(workspace, fetch("https://u:p@x.example/"), denied)).toMatchObject({ type: "deny" });
  });

  test("who connects asks the same rules about each address", () => {
    const rules = bookOf(["allow WebFetch(domain:localhost)", "allow WebFetch(domain:10.0.0.5)"], "/");
    const mayDial = createAddressFilter(rules);
    expect(mayDial("127.0.0.1", new URL("http://localhost:3000/"))).toBe(true);
    expect(mayDial("127.0.0.1", new URL("http://rebound.example/"))).toBe(false);
    expect(mayDial("10.0.0.5", new URL("http://intra.example/"))).toBe(true);
    expect(mayDial("10.0.0.6", new URL("http://intra.example/"))).toBe(false);
    rules.remove("allow", "WebFetch(domain:10.0.0.5)");
    expect(mayDial("10.0.0.5", new URL("http://intra.example/"))).toBe(false);
  });
});
