import { expect, test } from "vitest";
import { rememberClean } from "../../src/redact/remember-clean.ts";

function counting(): { readonly looked: string[]; readonly redact: (text: string) => string } {
  const looked: string[] = [];
  const redact = rememberClean((text) => {
    looked.push(text);
    return text.replaceAll("secret", "[redacted]");
  });
  return { looked, redact };
}

test("a long text without secrets is looked at once", () => {
  const { looked, redact } = counting();
  const text = "word ".repeat(2_000);
  expect([redact(text), redact(text), redact(`${text}`)]).toEqual([text, text, text]);
  expect(looked).toHaveLength(1);
});

test("rank 16: one with a secret is redacted each time", () => {
  const { redact } = counting();
  const text = `${"word ".repeat(2_000)}secret`;
  const shown = text.replace("secret", "[redacted]");
  expect([redact(text), redact(text), redact(shown), redact(text)]).toEqual([shown, shown, shown, shown]);
});

test("only the latest are remembered: memory stays bounded", () => {
  const { looked, redact } = counting();
  const texts = Array.from({ length: 10 }, (_, index) => `${index} `.repeat(50_000));
  for (const text of texts) redact(text);
  const before = looked.length;
  for (const text of [...texts].reverse()) redact(text);
  const again = looked.length - before;
  expect(again).toBeGreaterThanOrEqual(4);
  expect(again).toBeLessThan(10);
});
