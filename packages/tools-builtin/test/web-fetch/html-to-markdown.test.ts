import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { htmlToMarkdown } from "../../src/web-fetch/html-to-markdown.ts";

const base = new URL("https://example.com/docs/page");
const never = new AbortController().signal;

async function markdown(html: string): Promise<string> {
  return (await htmlToMarkdown(html, base, never)).markdown;
}

describe("htmlToMarkdown", () => {
  it.each([
    ["headings", "<h1>One</h1><h3> Three <b>bold</b></h3>", "# One\n\n### Three **bold**"],
    ["paragraphs", "<p>One\n two</p>\n<p>three<br>four</p>", "One two\n\nthree\nfour"],
    ["blocks", "<div>a<div>b</div>c</div>", "a\n\nb\n\nc"],
    ["white space", "a  \n <b> b </b>  c", "a **b** c"],
    ["emphasis", "<em>a</em><strong><b>b</b></strong><s>c</s><b></b>", "*a***b**~~c~~"],
    [
      "links",
      "<a href='../x?a=1&amp;b=2'>x</a> <a href='#y'>y</a> <a href='javascript:z'>z</a> <a href=/e></a>",
      "[x](https://example.com/x?a=1&b=2) y z",
    ],
    ["links with brackets", "<a href='/a_(b)'>x</a>", "[x](https://example.com/a_%28b%29)"],
    [
      "pictures",
      "<img alt='A cat' src=/c.png><img src=/d.png><img alt=data src='data:x'>",
      "![A cat](https://example.com/c.png)![data]",
    ],
    [
      "a linked picture",
      "<a href=/x><img alt=A src=a.png></a>",
      "[![A](https://example.com/docs/a.png)](https://example.com/x)",
    ],
    ["a base", "<base href='https://other.example/z/'><a href=x>x</a>", "[x](https://other.example/z/x)"],
    [
      "lists",
      "<ul><li>a<li>b<ol start=3><li>c</li><li>d</li></ol></li></ul>e",
      "- a\n- b\n  3. c\n  4. d\n\ne",
    ],
    ["lists of paragraphs", "<ul><li><p>a</p><p>b</p></li></ul>", "- a\n\n  b"],
    ["quotes", "<blockquote><p>a</p><p>b</p></blockquote>c", "> a\n>\n> b\n\nc"],
    ["rules", "a<hr>b", "a\n\n---\n\nb"],
    ["inline code", "Use <code>a  b</code>.", "Use `a b`."],
    [
      "code blocks",
      "<pre><code class='hljs language-ts'>if (a) {\n\n  b &lt; c;\n}\n</code></pre>",
      "```ts\nif (a) {\n\n  b < c;\n}\n```",
    ],
    ["code with fences", "<pre>```\nx</pre>", "````\n```\nx\n````"],
    ["code in a list", "<ul><li>a<pre>b\nc</pre></ul>", "- a\n\n  ```\n  b\n  c\n  ```"],
    [
      "tables",
      "<table><tr><th>a<th>b|c<tr><td>1 <b>2</b><td><p>3</p><p>4</p></table>",
      "| a | b\\|c |\n| --- | --- |\n| 1 **2** | 3 4 |",
    ],
    [
      "code in tables",
      "<table><tr><td>a<td>b<tr><td><pre>x\ny</pre><td>z</table>",
      "| a | b |\n| --- | --- |\n| `x y` | z |",
    ],
    [
      "layout tables",
      "<table><tr><td>menu<td><table><tr><td>a<td>b<tr><td>c<td>d</table>after</table>",
      "menu\n\n| a | b |\n| --- | --- |\n| c | d |\n\nafter",
    ],
    ["definition lists", "<dl><dt>a<dd>b<dt>c<dd>d</dl>", "a\n  b\nc\n  d"],
    [
      "what is not for readers",
      "<style>a</style><script>b</script><nav>c</nav><svg><text>d</text></svg><p hidden>e</p><i aria-hidden=true>f</i>g",
      "g",
    ],
    ["entities", "&lt;b&gt; &amp;amp; &eacute;&#x1f600;", "<b> &amp; é😀"],
    ["unclosed elements", "<p>a<p>b<ul><li>c<li><b>d", "a\n\nb\n\n- c\n- **d**"],
    ["stray ends", "a</div></p></table></li></b>b", "a\n\nb"],
    ["nothing", "", ""],
  ])("writes %s", async (_, html, expected) => {
    expect(await markdown(html)).toBe(expected);
  });

  it("gives the title, once, in one line", async () => {
    const page = await htmlToMarkdown("<title> A\n B </title><svg><title>c</title></svg><p>x", base, never);
    expect(page).toEqual({ title: "A B", markdown: "x", isCut: false });
  });

  it.each([
    ["50,000 nested divs", `${"<div>".repeat(50_000)}deep${"</div>".repeat(50_000)}`],
    ["a million unclosed divs", `${"<div>".repeat(1_000_000)}deep`],
    ["a million nested list items", `${"<ul><li>".repeat(1_000_000)}deep`],
    ["stray ends among open elements", `${"<div>".repeat(300_000)}${"</p></b>".repeat(300_000)}deep`],
    ["a script that is never closed", `deep<script>${"<div>".repeat(100_000)}`],
    ["50,000 unclosed divs", `${"<div>".repeat(50_000)}deep`],
    ["5,000 unclosed tables", `${"<table><tr><td>x".repeat(5000)}deep`],
    ["20,000 nested lists", `${"<ul><li>x".repeat(20_000)}deep`],
    ["20,000 nested quotes", `${"<blockquote>x".repeat(20_000)}deep`],
    ["50,000 nested bold", `${"<b>".repeat(50_000)}deep`],
    ["50,000 links in links", `${"<a href=/x>".repeat(50_000)}deep`],
    ["50,000 nested code blocks", `${"<pre>".repeat(50_000)}deep`],
    ["an endless attribute", `deep<a href="${"x".repeat(2_000_000)}`],
    ["two million angle brackets", `deep${"<".repeat(2_000_000)}`],
    ["a million blanks in code", `deep<pre>a${" ".repeat(1_000_000)}b</pre>`],
    ["a wide table", `deep<table>${`<tr>${"<td>x".repeat(1000)}`.repeat(200)}</table>`],
  ])("survives %s", async (_, html) => {
    const page = await htmlToMarkdown(html, base, never);
    expect(page.markdown).toContain("deep");
    expect(page.markdown.length).toBeLessThan(6_000_000);
  });

  it("stays bounded when links make a page many times its size", async () => {
    const far = new URL(`https://example.com/${"x".repeat(1900)}/`);
    const page = await htmlToMarkdown("<a href=y>z</a>".repeat(20_000), far, never);
    expect(page.isCut).toBe(true);
    expect(page.markdown.length).toBeLessThan(5_100_000);
  });

  it("reads on where nesting is deep, and closes what is open", async () => {
    const deep = `<ul><li>${"<div>".repeat(5000)}one</ul><p>two<table><tr><td>a<td>b<tr><td>c<td>d</table><b>three</b>`;
    const page = await markdown(deep);
    expect(page).toContain("one\n\ntwo\n\n| a | b |\n| --- | --- |\n| c | d |\n\n**three**");
  });

  it("stops when it is cancelled", async () => {
    const pending = htmlToMarkdown("<p>x".repeat(100_000), base, AbortSignal.abort());
    await expect(pending).rejects.toThrow();
  });

  it("never throws and gives no tag back that it knows, whatever the page", async () => {
    const tag = fc.constantFrom(
      ...[
        "p",
        "div",
        "table",
        "tr",
        "td",
        "th",
        "ul",
        "ol",
        "li",
        "a href=x",
        "b",
        "pre",
        "code",
        "h2",
        "blockquote",
        "script",
        "br",
        "dl",
        "dd",
      ],
    );
    const part = fc.oneof(
      tag.map((name) => `<${name}>`),
      tag.map((name) => `</${name.split(" ")[0]}>`),
      fc.constantFrom("word", " ", "\n", "&amp;", "|", "`"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 60 }), async (parts) => {
        const result = await markdown(parts.join(""));
        expect(result).not.toMatch(/<\/?(p|div|table|td|li|pre|script)>/);
        expect(result).toBe(result.trim());
      }),
      { numRuns: 300 },
    );
  });
});
