import type { HLJSApi } from "highlight.js";
import core from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import go from "highlight.js/lib/languages/go";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import kotlin from "highlight.js/lib/languages/kotlin";
import makefile from "highlight.js/lib/languages/makefile";
import php from "highlight.js/lib/languages/php";
import python from "highlight.js/lib/languages/python";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import shell from "highlight.js/lib/languages/shell";
import sql from "highlight.js/lib/languages/sql";
import swift from "highlight.js/lib/languages/swift";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import type { Line, Span } from "../line.ts";
import type { Style } from "../paint.ts";

/** The spans of some code, line breaks included; plain for a language that is not known. */
export type Highlight = (code: string, language: string) => Line;

const languages = {
  bash,
  c,
  cpp,
  csharp,
  css,
  diff,
  dockerfile,
  go,
  ini,
  java,
  javascript,
  json,
  kotlin,
  makefile,
  php,
  python,
  ruby,
  rust,
  shell,
  sql,
  swift,
  typescript,
  xml,
  yaml,
};

/** A highlighter for the languages that answers are mostly written in. Heavy: load it only for a terminal. */
export function createHighlight(): Highlight {
  const highlighter: HLJSApi = core.newInstance();
  for (const [name, language] of Object.entries(languages)) highlighter.registerLanguage(name, language);
  return (code, language) => {
    if (code.length > longest || highlighter.getLanguage(language) === undefined)
      return [{ text: code, styles: [] }];
    return spansOfHtml(highlighter.highlight(code, { language, ignoreIllegals: true }).value);
  };
}

/** Characters; beyond, colours cost more than they give. */
const longest = 50_000;

/** Reads the highlighter's own output: `<span class="hljs-…">`, `</span>` and five entities, nothing else. */
function spansOfHtml(html: string): Line {
  const spans: Span[] = [];
  const open: (readonly Style[])[] = [[]];
  for (const [piece] of html.matchAll(/<[^>]*>|[^<]+/g)) {
    if (piece.startsWith("</")) open.pop();
    else if (piece.startsWith("<")) open.push(stylesOf(piece) ?? open.at(-1) ?? []);
    else spans.push({ text: decoded(piece), styles: open.at(-1) ?? [] });
  }
  return spans;
}

function stylesOf(tag: string): readonly Style[] | undefined {
  const scope = /hljs-([a-z]+)/.exec(tag)?.[1];
  return scope === undefined ? undefined : theme.get(scope);
}

const theme: ReadonlyMap<string, readonly Style[]> = new Map<string, readonly Style[]>([
  ["keyword", ["magenta"]],
  ["literal", ["magenta"]],
  ["tag", ["blue"]],
  ["name", ["blue"]],
  ["title", ["blue"]],
  ["section", ["blue"]],
  ["type", ["cyan"]],
  ["built", ["cyan"]],
  ["class", ["cyan"]],
  ["attr", ["cyan"]],
  ["attribute", ["cyan"]],
  ["property", ["cyan"]],
  ["number", ["yellow"]],
  ["symbol", ["yellow"]],
  ["string", ["green"]],
  ["regexp", ["green"]],
  ["addition", ["green"]],
  ["deletion", ["red"]],
  ["comment", ["gray"]],
  ["meta", ["gray"]],
]);

function decoded(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&amp;", "&");
}
