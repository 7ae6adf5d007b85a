import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createHighlight } from "../../src/terminal/markdown/highlight.ts";
import { createMarkdownStream, markdownLines } from "../../src/terminal/markdown/markdown-stream.ts";
import { lineWidth } from "../../src/terminal/wrap.ts";
import { show } from "./show.ts";

const render = (markdown: string, width = 60): string => show(markdownLines(markdown, { width }));

describe("blocks", () => {
  test("headings, paragraphs and rules are separated by one empty line", () => {
    expect(render("# Title\nText\n\n\n***\nmore")).toBe(`Title\n\nText\n\n${"─".repeat(40)}\n\nmore`);
  });

  test("nested and task lists", () => {
    expect(render("- a\n  - b\n    1. c\n    2. d\n- [x] done\n- [ ] open")).toBe(
      "• a\n  • b\n    1. c\n    2. d\n☑ done\n☐ open",
    );
  });

  test("ordered lists keep their start and align their numbers", () => {
    expect(render("9. i\n10. j")).toBe(" 9. i\n10. j");
  });

  test("`code` inside a list item is rendered", () => {
    expect(render("- run `npm test` **now**")).toBe("• run npm test now");
  });

  test("quotes", () => {
    expect(render("> one\n> two\n>\n> three")).toBe("│ one two\n│\n│ three");
  });

  test("code keeps its blanks and lines", () => {
    expect(render("```ts\nif (a) {\n  b();\n}\n```")).toBe("  if (a) {\n    b();\n  }");
  });

  test("a table with wide characters is aligned by columns of the terminal", () => {
    const lines = markdownLines("| name | 数 |\n|:--|--:|\n| 你好 | 1 |\n| a | 22 |", { width: 60 });
    expect(show(lines)).toBe(" name │ 数\n──────┼────\n 你好 │  1\n a    │ 22");
    expect(new Set(lines.map(lineWidth)).size).toBe(1);
  });

  test("a table that is too wide wraps its cells", () => {
    const lines = markdownLines(`| a | b |\n|--|--|\n| ${"word ".repeat(20)} | x |`, { width: 30 });
    expect(Math.max(...lines.map(lineWidth))).toBeLessThanOrEqual(30);
    expect(show(lines).match(/word/g)).toHaveLength(20);
  });

  test("a link shows where it goes", () => {
    expect(render("[docs](http://evil.example) http://same.example")).toBe(
      "docs (http://evil.example) http://same.example",
    );
  });

  test("entities and escapes are what they mean", () => {
    expect(render("a &amp; b \\* c &lt;d&gt;")).toBe("a & b * c <d>");
  });
});

test("code is coloured by language", () => {
  const highlight = createHighlight();
  const [line] = markdownLines("```ts\nconst a = 'x'; // <&>\n```", { width: 60, highlight });
  const styled = new Map(line?.map((each) => [each.text.trim(), each.styles[0]]));
  expect(styled.get("const")).toBe("magenta");
  expect(styled.get("'x'")).toBe("green");
  expect(styled.get("// <&>")).toBe("gray");
});

test("no control character of a model reaches the terminal", () => {
  const hostile = "a\u001b[2Jb\u001b]0;title\u0007c\u009bd\u0008\r\ne **\u001b[31mf**\n```\n\u001b[1mg\n```";
  const shown = render(hostile);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  expect(shown).toContain("abc");
});

test("lines never exceed the width, whatever the text", () => {
  const text = fc.array(
    fc.constantFrom(
      "# ",
      "- ",
      "1. ",
      "> ",
      "`",
      "**",
      "| ",
      "\n",
      "\n\n",
      "word",
      "你好",
      "👩‍👩‍👧",
      "```\n",
      " ",
      "x".repeat(50),
    ),
  );
  fc.assert(
    fc.property(text, fc.integer({ min: 30, max: 80 }), (parts, width) => {
      for (const line of markdownLines(parts.join(""), { width })) {
        const nested = /^[\s│•☐☑\d.]*/.exec(show([line]))?.[0].length ?? 0;
        if (nested < width - 12 && !show([line]).includes("│"))
          expect(lineWidth(line)).toBeLessThanOrEqual(width);
      }
    }),
  );
});

describe("a stream", () => {
  const document =
    "# T\n\npara **one**\nstill\n\n- a\n\n- b\n  - c\n\n```js\nlet a = 1;\n\nlet b;\n```\n\n| x | y |\n|--|--|\n| 1 | 2 |\n\nend";

  test("gives the same lines however the text is cut", () => {
    const whole = render(document);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (sizes) => {
        const stream = createMarkdownStream();
        const lines = [];
        for (let at = 0, turn = 0; at < document.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          stream.push(document.slice(at, at + size));
          lines.push(...stream.takeFinished({ width: 60 }));
          stream.openLines({ width: 60 });
          at += size;
        }
        lines.push(...stream.end({ width: 60 }));
        expect(show(lines)).toBe(whole);
      }),
    );
  });

  test("finishes a block when the next one begins and shows the open one meanwhile", () => {
    const stream = createMarkdownStream();
    stream.push("first\n\nsec");
    expect(show(stream.takeFinished({ width: 60 }))).toBe("first");
    expect(show(stream.openLines({ width: 60 }))).toBe("\nsec");
    stream.push("ond");
    expect(stream.takeFinished({ width: 60 })).toEqual([]);
    expect(show(stream.end({ width: 60 }))).toBe("\nsecond");
  });

  test("hostile nesting and huge blocks are shown as they are", () => {
    expect(render(">".repeat(5000)).length).toBeGreaterThan(4999);
    expect(render("*a ".repeat(50_000)).length).toBeGreaterThan(100_000);
  });
});
