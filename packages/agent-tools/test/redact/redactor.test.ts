import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createRedactor } from "@claw/agent-tools";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alnum, base64, headers, innocent, secrets, signs } from "./corpus.ts";

const known = [
  { name: "DEPLOY_KEY", value: "correct horse battery staple 7" },
  { name: "WIDE", value: "pässwört-ключ-1" },
  { name: "QUOTED", value: 'a"b\\c/d e1f2' },
];
const redactor = createRedactor({ known });
const bytes = new TextEncoder();
const marked = /\[redacted: [\w .-]+\]/;

/** The output of a stream that got the text in pieces of these sizes, over and over. */
function streamed(text: string, sizes: readonly number[]): string {
  const stream = redactor.stream();
  const whole = bytes.encode(text);
  const parts: Uint8Array[] = [];
  for (let from = 0, turn = 0; from < whole.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    parts.push(stream.push(whole.slice(from, from + size)).slice());
    from += size;
  }
  parts.push(stream.end());
  return new TextDecoder().decode(Buffer.concat(parts));
}

/** The same for text that somebody reads along, cut between any two units of UTF-16. */
function readAlong(text: string, sizes: readonly number[]): string {
  const pieces = redactor.pieces();
  let shown = "";
  for (let from = 0, turn = 0; from < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    shown += pieces.push(text.slice(from, from + size));
    from += size;
  }
  return shown + pieces.end();
}

describe("rank 16: secrets are taken out", () => {
  test.each(Object.entries(secrets))("%s, wherever it stands", (_name, secret) => {
    for (const around of [
      "{}",
      "key: {}",
      'K="{}"',
      "a\n{}\nb",
      "({})",
      "see {}, then",
      "K={}",
      "url?k={}&",
    ]) {
      const text = around.replace("{}", () => secret);
      const shown = redactor.text(text);
      expect(shown).toMatch(marked);
      expect(shown).not.toContain(secret.slice(-20));
      expect(shown.replace(marked, "{}")).toBe(around);
    }
  });

  test.each(headers)("$text", ({ text, secret }) => {
    const shown = redactor.text(text);
    expect(shown).toMatch(marked);
    expect(shown).not.toContain(secret);
    expect(shown.slice(0, 10)).toBe(text.slice(0, 10));
  });

  test.each(known)("the value of $name, as it is, in a URL and in JSON", ({ name, value }) => {
    for (const way of [value, encodeURIComponent(value), JSON.stringify(value)]) {
      expect(redactor.text(`x=${way}.`)).toBe(
        `x=${way === JSON.stringify(value) ? `"[redacted: ${name}]"` : `[redacted: ${name}]`}.`,
      );
    }
  });

  test("a key that was cut off is a key", () => {
    const half = secrets["private key"]?.slice(0, 300) ?? "";
    expect(redactor.text(`${half}\n[… 4,000 bytes more]`)).toMatch(/^\[redacted: private key\]/);
  });

  test("a known secret is named, also where it has a known form", () => {
    const value = secrets["github token"] ?? "";
    const named = createRedactor({ known: [{ name: "GITHUB_TOKEN", value }] });
    expect(named.text(value)).toBe("[redacted: GITHUB_TOKEN]");
  });

  test("own forms", () => {
    const own = createRedactor({
      forms: [{ name: "ticket", anchors: ["TCK-"], pattern: /TCK-\d{8}/g }],
    });
    expect(own.text("see TCK-12345678")).toBe("see [redacted: ticket]");
    const stream = own.stream();
    const shown = ["see TC", "K-1234", "5678 and", "\n"].map((piece) => stream.push(bytes.encode(piece)));
    expect(Buffer.concat([...shown, stream.end()]).toString()).toBe("see [redacted: ticket] and\n");
  });
});

describe("rank 16: nothing else is touched", () => {
  test.each(innocent.map((text) => [text.slice(0, 50), text]))("%s", (_name, text) => {
    expect(redactor.text(text)).toBe(text);
  });

  test("a lock file of a thousand packages, and this repository's own sources", () => {
    for (const path of ["package-lock.json", "packages/agent-core/src/run.ts", "docs/security.md"]) {
      const text = readFileSync(fileURLToPath(new URL(`../../../../${path}`, import.meta.url)), "utf8");
      expect(redactor.text(text)).toBe(text);
    }
  });

  test("digests, ids and base64 of any length", () => {
    const hex = fc.stringMatching(/^[0-9a-f]{8,128}$/);
    const code = fc.array(fc.constantFrom(...base64), { minLength: 20, maxLength: 400 });
    fc.assert(
      fc.property(
        fc.oneof(
          hex,
          fc.uuid(),
          code.map((each) => each.join("")),
        ),
        (text) => {
          expect(redactor.text(`id ${text}`)).toBe(`id ${text}`);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("rank 16: laws", () => {
  const piece = fc.oneof(
    fc.constantFrom(...Object.values(secrets), ...headers.map(({ text }) => text)),
    fc.constantFrom(...known.map(({ value }) => value)),
    fc.constantFrom(...innocent.map((text) => text.slice(0, 500))),
    fc.constantFrom("\n", " ", "sk-", "-----BEGIN ", "Bearer ", "://", "s", "gh", "ready", "é"),
    fc.string(),
  );
  const texts = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(" "));

  test("what was redacted stays as it is", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const once = redactor.text(text);
        expect(redactor.text(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  test("output in pieces, cut anywhere, is what the whole output would be", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(texts, sizes, (text, cuts) => {
        expect(streamed(text, cuts)).toBe(redactor.text(new TextDecoder().decode(bytes.encode(text))));
      }),
      { numRuns: 1_000 },
    );
  });

  test("what a model says in pieces, cut anywhere, is what the whole would be", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(texts, sizes, (text, cuts) => {
        expect(readAlong(text, cuts)).toBe(
          redactor.text(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.encode(text))),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  test("who reads along waits for a few words behind an address, and for no line", () => {
    const pieces = redactor.pieces();
    expect(pieces.push("It is ready. See https://example.com/ for ")).toBe("It is ready. See http");
    expect(pieces.push("more of the same")).toBe("s://example.com/ for more of the same");
    expect(pieces.push(" 😀".slice(0, 2))).toBe(" ");
    expect(pieces.push(" 😀".slice(2))).toBe("😀");
    expect(pieces.end()).toBe("");
  });

  test("each secret, cut at each place, never comes through", () => {
    for (const secret of [...Object.values(secrets), ...known.map(({ value }) => value)]) {
      const text = `x ${secret} y\n`;
      const expected = redactor.text(text);
      const step = secret.length > 200 ? 37 : 1;
      for (let cut = 1; cut < bytes.encode(text).length; cut += step) {
        expect(streamed(text, [cut, 9_999])).toBe(expected);
        expect(readAlong(text, [cut, 9_999])).toBe(expected);
      }
    }
  });

  test("bytes that are no text come out as they went in", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 6 }), (parts) => {
        const stream = createRedactor().stream();
        const out = [...parts.map((part) => stream.push(part).slice()), stream.end()];
        expect(Buffer.concat(out)).toEqual(Buffer.concat(parts));
      }),
    );
  });

  test("words that are whole are not held back, and what is held is bounded", () => {
    const stream = redactor.stream();
    expect(new TextDecoder().decode(stream.push(bytes.encode("Server is ready")))).toBe("Server is ready");
    const long = bytes.encode(`https://${signs(100_000, alnum)}`);
    expect(stream.push(long).length).toBeGreaterThan(80_000);
  });
});

test("says how short a text can be that has a secret: of forms of one's own nothing is known", () => {
  expect(redactor.text.shortest).toBe(8);
  const forms = [{ name: "pin", anchors: ["#"], pattern: /#\d/g }];
  const own = createRedactor({ forms });
  expect(own.text.shortest).toBe(1);
  expect(own.text("#1")).toBe("[redacted: pin]");
});
