import { chooseProvider, endpointUrl, type ProviderChoice, type ProviderWishes } from "@claw/agent-provider";
import { describe, expect, test } from "vitest";

function choose(env: ProviderWishes["env"], flags: Partial<ProviderWishes> = {}): ProviderChoice {
  const choice = chooseProvider({ env, ...flags });
  if ("code" in choice) throw new Error(choice.message);
  return choice;
}

function refuse(env: ProviderWishes["env"], flags: Partial<ProviderWishes> = {}) {
  const fault = chooseProvider({ env, ...flags });
  if (!("code" in fault)) throw new Error("It was chosen.");
  return fault;
}

const key = { ANTHROPIC_API_KEY: "sk-ant-1" };

describe("V1 V2 V3: which provider", () => {
  test("V2: without a key, or with an empty one, it is Ollama", () => {
    for (const env of [
      {},
      { ANTHROPIC_API_KEY: "" },
      { ANTHROPIC_API_KEY: "  " },
      { ANTHROPIC_API_KEY: undefined },
    ]) {
      expect(choose(env)).toMatchObject({ provider: "ollama", chosenBy: "default", auth: { type: "none" } });
    }
  });

  test("V3: with a key it is Anthropic, and the key goes into x-api-key", () => {
    expect(choose(key)).toEqual({
      provider: "anthropic",
      model: "claude-sonnet-4-20250514",
      url: "https://api.anthropic.com",
      auth: { type: "api-key", header: "x-api-key", key: "sk-ant-1" },
      official: true,
      chosenBy: "key",
    });
  });

  test("V1: the flag beats the key", () => {
    const choice = choose(key, { provider: "ollama" });
    expect(choice).toMatchObject({ provider: "ollama", chosenBy: "flag", auth: { type: "none" } });
    expect(JSON.stringify(choice)).not.toContain("sk-ant");
  });

  test("C6: an unknown name is a fault that lists the names", () => {
    expect(refuse(key, { provider: "gemini" })).toMatchObject({
      code: "unknown-provider",
      hint: "The providers are: anthropic, ollama, openai, openai-responses, llamacpp, stub.",
    });
    expect(refuse(key, { provider: "" }).code).toBe("unknown-provider");
    expect(refuse(key, { provider: "__proto__" }).code).toBe("unknown-provider");
  });

  test("V3: Anthropic without a key is a fault that names the variable", () => {
    expect(refuse({}, { provider: "anthropic" })).toMatchObject({
      code: "no-key",
      message: expect.stringContaining("ANTHROPIC_API_KEY"),
    });
  });

  test("a token instead of a key goes into the authorization header", () => {
    expect(choose({ ANTHROPIC_AUTH_TOKEN: "tok" }, { provider: "anthropic" })).toMatchObject({
      auth: { type: "bearer", token: "tok" },
    });
    expect(choose({ ...key, ANTHROPIC_AUTH_TOKEN: "tok" })).toMatchObject({ auth: { type: "api-key" } });
  });

  test("V4: OpenAI needs a key at its own address, and none at another", () => {
    expect(refuse({}, { provider: "openai" }).code).toBe("no-key");
    expect(refuse({ OPENAI_BASE_URL: "https://api.openai.com/v1" }, { provider: "openai" }).code).toBe(
      "no-key",
    );
    const local = { OPENAI_BASE_URL: "http://localhost:8000" };
    expect(choose(local, { provider: "openai" })).toMatchObject({ auth: { type: "none" }, official: false });
    expect(choose({ ...local, OPENAI_API_KEY: "k" }, { provider: "openai-responses" })).toMatchObject({
      provider: "openai-responses",
      url: "http://localhost:8000",
      auth: { type: "bearer", token: "k" },
    });
  });

  test.each([
    ["openai", "OPENAI_BASE_URL", "https://api.test/v1/chat/completions?a=1", "https://api.test/v1?a=1"],
    ["openai-responses", "OPENAI_BASE_URL", "https://api.test/v1/responses/", "https://api.test/v1"],
    ["anthropic", "ANTHROPIC_BASE_URL", "https://api.test/v1/messages", "https://api.test/v1"],
    ["ollama", "OLLAMA_HOST", "http://box.test:11434/api/chat", "http://box.test:11434"],
    ["openai", "OPENAI_BASE_URL", "https://api.test/responses/v1", "https://api.test/responses/v1"],
  ])("%s: %s may be the address of an operation: %s", (provider, variable, given, url) => {
    expect(choose({ ...key, OPENAI_API_KEY: "k", [variable]: given }, { provider })).toMatchObject({ url });
  });

  test("a custom address keeps the key, and is not the vendor's own", () => {
    expect(choose({ ...key, ANTHROPIC_BASE_URL: "https://gateway.test/anthropic/" })).toMatchObject({
      url: "https://gateway.test/anthropic/",
      auth: { key: "sk-ant-1" },
      official: false,
    });
  });

  test("a vendor's key and address never go to another provider", () => {
    const env = {
      ...key,
      ANTHROPIC_AUTH_TOKEN: "tok",
      ANTHROPIC_BASE_URL: "https://a.test",
      ANTHROPIC_MODEL: "claude-x",
      OPENAI_API_KEY: "sk-openai",
      OPENAI_BASE_URL: "https://o.test",
      OPENAI_MODEL: "gpt-x",
      OLLAMA_HOST: "http://l.test",
      OLLAMA_MODEL: "llama-x",
    };
    const flat = (provider: string): string => JSON.stringify(choose(env, { provider }));
    expect(flat("anthropic")).not.toMatch(/openai|o\.test|gpt|l\.test|llama/);
    expect(flat("openai").replace('"openai"', "")).not.toMatch(/sk-ant|tok"|a\.test|claude|l\.test|llama/);
    expect(flat("ollama").replace('"ollama"', "")).not.toMatch(/sk-|tok"|a\.test|claude|o\.test|gpt/);
    expect(choose(env, { provider: "stub" })).toEqual({ provider: "stub", model: "stub" });
    // Neither do they stand in where the provider's own are missing.
    const { OPENAI_API_KEY: _, OPENAI_MODEL: __, ...others } = env;
    expect(choose(others, { provider: "openai" })).toMatchObject({ auth: { type: "none" } });
    expect(choose(others, { provider: "openai" })).not.toHaveProperty("model");
    const openai = { OPENAI_API_KEY: "sk-openai", OPENAI_BASE_URL: "https://o.test" };
    expect(refuse(openai, { provider: "anthropic" }).code).toBe("no-key");
    expect(JSON.stringify(choose(openai, { provider: "ollama" }))).not.toMatch(/sk-|o\.test/);
  });

  test("a key with characters that no header takes is a fault that does not show it", () => {
    const fault = refuse({ ANTHROPIC_API_KEY: "sk ant\nsecret" });
    expect(fault.code).toBe("no-key");
    expect(JSON.stringify(fault)).not.toContain("secret");
    expect(choose({ ANTHROPIC_API_KEY: " sk-ant-1\n" })).toMatchObject({ auth: { key: "sk-ant-1" } });
  });
});

describe("C3: which model", () => {
  test.each([
    ["anthropic", key, "claude-sonnet-4-20250514"],
    ["ollama", {}, "qwen3.5:9b"],
    ["openai", { OPENAI_API_KEY: "k" }, undefined],
    ["stub", {}, "stub"],
  ] as const)("%s by default", (provider, env, model) => {
    expect(choose(env, { provider }).model).toBe(model);
  });

  test.each([
    ["anthropic", { ...key, ANTHROPIC_MODEL: "other" }],
    ["ollama", { OLLAMA_MODEL: "other" }],
    ["openai", { OPENAI_API_KEY: "k", OPENAI_MODEL: "other" }],
  ] as const)("%s by its variable, and the flag beats it", (provider, env) => {
    expect(choose(env, { provider }).model).toBe("other");
    expect(choose(env, { provider, model: "flag" }).model).toBe("flag");
  });
});

describe("llamacpp", () => {
  test("needs a file, from the flag alone: what the environment names is another vendor's", () => {
    expect(choose({}, { provider: "llamacpp", model: "./a.gguf" })).toEqual({
      provider: "llamacpp",
      model: "./a.gguf",
    });
    const env = { OPENAI_MODEL: "gpt-5", OLLAMA_MODEL: "qwen3" };
    expect(refuse(env, { provider: "llamacpp" })).toMatchObject({ code: "no-model" });
  });
});

describe("C7: where Ollama is", () => {
  const url = (env: ProviderWishes["env"], ollamaUrl?: string): string => {
    const choice = choose(env, { provider: "ollama", ...(ollamaUrl === undefined ? {} : { ollamaUrl }) });
    return "url" in choice ? endpointUrl(choice.url, "/api/chat") : "";
  };

  test.each([
    [undefined, "http://localhost:11434/api/chat"],
    ["http://box:11434", "http://box:11434/api/chat"],
    ["http://box:11434/", "http://box:11434/api/chat"],
    ["http://box:11434/v1", "http://box:11434/api/chat"],
    ["http://box:11434/v1/", "http://box:11434/api/chat"],
    ["http://box:11434/api", "http://box:11434/api/chat"],
    ["https://box/ollama/", "https://box/ollama/api/chat"],
    ["box", "http://box:11434/api/chat"],
    ["box:80", "http://box/api/chat"],
    ["127.0.0.1:9999", "http://127.0.0.1:9999/api/chat"],
  ])("--ollama-url %s", (given, expected) => {
    expect(url({}, given)).toBe(expected);
    if (given !== undefined) expect(url({ OLLAMA_HOST: given })).toBe(expected);
  });

  test("OLLAMA_HOST that names every address, or only a port; the flag beats it", () => {
    expect(url({ OLLAMA_HOST: "0.0.0.0" })).toBe("http://localhost:11434/api/chat");
    expect(url({ OLLAMA_HOST: "0.0.0.0:8080" })).toBe("http://localhost:8080/api/chat");
    expect(url({ OLLAMA_HOST: ":8080" })).toBe("http://localhost:8080/api/chat");
    expect(url({ OLLAMA_HOST: "" })).toBe("http://localhost:11434/api/chat");
    expect(url({ OLLAMA_HOST: "other" }, "http://box:1")).toBe("http://box:1/api/chat");
  });

  test("the context length of the environment is kept", () => {
    expect(choose({ OLLAMA_CONTEXT_LENGTH: "8192" })).toMatchObject({ contextTokens: 8192 });
    expect(choose({ OLLAMA_CONTEXT_LENGTH: "lots" })).not.toHaveProperty("contextTokens");
  });

  test("what is no address is a fault", () => {
    expect(refuse({}, { provider: "ollama", ollamaUrl: "ftp://x" })).toMatchObject({
      code: "bad-url",
      message: expect.stringContaining("--ollama-url"),
    });
    expect(refuse({ OLLAMA_HOST: "http://:::" }).code).toBe("bad-url");
    expect(refuse({ ...key, ANTHROPIC_BASE_URL: "not an address" }).code).toBe("bad-url");
  });

  test("an address with a password is refused and not shown", () => {
    const fault = refuse({ ...key, ANTHROPIC_BASE_URL: "https://me:hunter2@gateway.test" });
    expect(fault.code).toBe("bad-url");
    expect(JSON.stringify(fault)).not.toContain("hunter2");
  });
});

describe("V4: addresses with and without the version", () => {
  test.each([
    ["https://api.test", "/v1/chat/completions", "https://api.test/v1/chat/completions"],
    ["https://api.test/", "/v1/chat/completions", "https://api.test/v1/chat/completions"],
    ["https://api.test/v1", "/v1/chat/completions", "https://api.test/v1/chat/completions"],
    ["https://api.test/v1/", "/v1/messages", "https://api.test/v1/messages"],
    ["https://api.test/proxy/v1", "/v1/messages", "https://api.test/proxy/v1/messages"],
    ["https://api.test/api/paas/v4", "/v1/chat/completions", "https://api.test/api/paas/v4/chat/completions"],
    ["https://api.test/api", "/v1/chat/completions", "https://api.test/api/v1/chat/completions"],
    ["https://api.test/?api-version=3", "/v1/messages", "https://api.test/v1/messages?api-version=3"],
    ["https://api.test", "/v1/models?limit=9", "https://api.test/v1/models?limit=9"],
    ["https://api.test/?key=a%20b", "/v1/models?limit=9", "https://api.test/v1/models?key=a+b&limit=9"],
    // Google, Vertex and Cloudflare: the version stands further up.
    [
      "https://api.test/v1beta/openai/",
      "/v1/chat/completions",
      "https://api.test/v1beta/openai/chat/completions",
    ],
    ["https://api.test/v1beta/openai", "/v1/models", "https://api.test/v1beta/openai/models"],
    [
      "https://api.test/v1/p/1/openapi",
      "/v1/chat/completions",
      "https://api.test/v1/p/1/openapi/chat/completions",
    ],
    ["https://api.test/v1/a/gw/anthropic", "/v1/messages", "https://api.test/v1/a/gw/anthropic/v1/messages"],
    ["https://api.test/v1/a/gw/anthropic", "/v1/models", "https://api.test/v1/a/gw/anthropic/v1/models"],
    ["https://api.test/openai/v1/", "/v1/responses", "https://api.test/openai/v1/responses"],
  ])("%s + %s", (base, path, expected) => {
    expect(endpointUrl(base, path)).toBe(expected);
  });
});
