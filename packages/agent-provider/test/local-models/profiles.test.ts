import {
  dialectNames,
  isFault,
  knownProfiles,
  noProfile,
  parseModelProfiles,
  printModelProfiles,
  profileFor,
} from "@claw/agent-provider";
import fc from "fast-check";
import { expect, test } from "vitest";

test.each([
  ["qwen3.5:9b", ["tool-call-tag", "function-tag"]],
  ["Qwen/Qwen3-Coder-30B-A3B-Instruct", ["tool-call-tag", "function-tag"]],
  ["qwen2.5-coder:14b", ["tool-call-tag", "fenced-json", "bare-json"]],
  ["hf.co/bartowski/Qwen2.5-Coder-7B-Instruct-GGUF:Q4_K_M", ["tool-call-tag", "fenced-json", "bare-json"]],
  ["llama3.2:3b", ["bare-json", "python-call", "function-tag"]],
  ["meta-llama/Llama-3.1-8B-Instruct", ["bare-json", "python-call", "function-tag"]],
  ["meta-llama/Llama-4-Scout-17B-16E", ["python-call", "bare-json"]],
  ["NousResearch/Hermes-3-Llama-3.1-8B", ["tool-call-tag"]],
  ["mistral-nemo:latest", ["mistral-marker"]],
  ["devstral:24b", ["mistral-marker"]],
  ["glm-4.6:cloud", ["arg-key-tag"]],
  ["zai-org/GLM-4.5-Air", ["arg-key-tag"]],
  ["deepseek-v3.1:671b", ["deepseek-marker", "dsml-tag"]],
  ["deepseek-r1:8b", ["deepseek-marker", "dsml-tag"]],
  ["deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", ["tool-call-tag", "deepseek-marker"]],
  ["moonshotai/Kimi-K2-Instruct-0905", ["kimi-marker"]],
  ["gpt-oss:20b", ["harmony"]],
  ["openai/gpt-oss-120b", ["harmony"]],
  ["llama2:13b", []],
  ["gpt-5", []],
  ["gemma3:4b", []],
  ["", []],
])("the profile of %s", (id, dialects) => {
  expect(profileFor(id).dialects).toEqual(dialects);
});

test("profiles that were given come before the known ones", () => {
  const own = { match: "QWEN3:*", dialects: [], repairs: "none" } as const;
  expect(profileFor("qwen3:8b", [own])).toBe(own);
  expect(profileFor("qwen2.5:7b", [own]).dialects).toContain("tool-call-tag");
});

test.each([
  ["a", "a", true],
  ["a", "ab", false],
  ["a*", "ab", true],
  ["*a", "ba", true],
  ["a*a", "a", false],
  ["a*b*c", "aXbYc", true],
  ["a*b*c", "acb", false],
  ["*", "", true],
  ["a.c", "abc", false],
])("the pattern %s and the id %s", (match, id, fits) => {
  const entry = { match, dialects: [], repairs: "reads" } as const;
  expect(profileFor(id, [entry]) === entry).toBe(fits);
});

test("every known profile says where it is known from", () => {
  for (const { source, dialects } of knownProfiles) {
    expect(source?.length).toBeGreaterThan(20);
    expect(dialects.length).toBeGreaterThan(0);
  }
  expect(noProfile).toEqual({ dialects: [], repairs: "none" });
});

const entry = fc.record(
  {
    match: fc.string({ minLength: 1 }),
    dialects: fc.subarray([...dialectNames]),
    repairs: fc.constantFrom("none", "reads"),
    source: fc.string(),
  },
  { requiredKeys: ["match", "dialects", "repairs"] },
);

test("law: what was printed reads the same", () => {
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      expect(parseModelProfiles(printModelProfiles(entries))).toEqual(entries);
    }),
  );
});

test.each([
  ["", "not a JSON object"],
  ["[]", "not a JSON object"],
  ['{"models": []}', '"version" must be 1'],
  ['{"version": 2, "models": []}', '"version" must be 1'],
  ['{"version": 1}', '"models" must be an array'],
  ['{"version": 1, "models": [7]}', "models[0] must be an object"],
  ['{"version": 1, "models": [{"dialects": []}]}', "models[0].match"],
  ['{"version": 1, "models": [{"match": "a", "dialects": ["hermes"]}]}', "fenced-json, tool-call-tag"],
  [
    '{"version": 1, "models": [{"match": "a", "dialects": [], "repairs": "all"}]}',
    'must be "none" or "reads"',
  ],
])("a file that is none says why: %s", (text, why) => {
  const read = parseModelProfiles(text);
  expect(isFault(read) && read.message).toContain(why);
});
