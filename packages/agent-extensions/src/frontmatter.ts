import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";

/** A Markdown file that begins with a block of YAML between two lines of `---`. */
export interface Frontmatter {
  /** Empty where the file has no such block. */
  readonly values: JsonObject;
  /** What comes after the block. */
  readonly body: string;
  /** 1-based; of the first line of the file for a key that is not there. */
  readonly lineOf: (key: string) => number;
  /** What had to be read otherwise than YAML has it. */
  readonly mended?: FrontmatterFault;
}

/** Why the block cannot be used. */
export interface FrontmatterFault {
  /** 1-based. */
  readonly line: number;
  /** Without an end mark. */
  readonly reason: string;
}

/** Reads the block. Never rejects. The parser is loaded for the first file that has one. */
export async function readFrontmatter(source: string): Promise<Frontmatter | FrontmatterFault> {
  const text = source.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  if (!/^---[ \t]*\n/.test(text)) return { values: {}, body: text, lineOf: () => 1 };
  const block = frontmatterBlock(text);
  if (block === undefined) return { line: 1, reason: "the block that begins with --- does not end with ---" };
  const { whole, yaml } = block;
  const read = await readMapping(yaml);
  if (isFrontmatterFault(read)) return read;
  return {
    ...read,
    body: text.slice(whole.length),
    lineOf: (key) => lineOfKey(yaml, key) ?? 1,
  };
}

/** The block of a text whose lines end with `\n` alone: all of it, and what is between its two lines. */
export function frontmatterBlock(
  text: string,
): { readonly whole: string; readonly yaml: string } | undefined {
  const [whole, yaml = ""] = /^---[ \t]*\n(?:(.*?)\n)?---[ \t]*(?:\n|$)/s.exec(text) ?? [];
  return whole === undefined ? undefined : { whole, yaml };
}

export function isFrontmatterFault(
  read: Frontmatter | Pick<Frontmatter, "values" | "mended"> | FrontmatterFault,
): read is FrontmatterFault {
  return "reason" in read;
}

async function readMapping(yaml: string): Promise<Pick<Frontmatter, "values" | "mended"> | FrontmatterFault> {
  const read = await parse(yaml);
  if (!isFrontmatterFault(read)) return read;
  // The commonest mistake there is: a text with a colon or a bracket in it, and no quotes around it.
  const quoted = quotePlain(yaml);
  const mended = quoted === yaml ? read : await parse(quoted);
  return isFrontmatterFault(mended)
    ? read
    : { ...mended, mended: { ...read, reason: `${read.reason}; read as plain text` } };
}

async function parse(yaml: string): Promise<Pick<Frontmatter, "values"> | FrontmatterFault> {
  const { LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  // The core schema knows no dates, no binary data, and no types that run something.
  const document = parseDocument(yaml, { schema: "core", lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    return { line: line + 1, reason: firstSentence(error.message) };
  }
  try {
    // Aliases are bounded, so a small file cannot become a large value.
    const values: unknown = document.toJS({ maxAliasCount: 100 });
    const plain: JsonValue = JSON.parse(JSON.stringify(values ?? {}));
    return isJsonObject(plain) ? { values: plain } : { line: 2, reason: "it must hold names with values" };
  } catch (thrown) {
    return { line: 2, reason: firstSentence(thrown instanceof Error ? thrown.message : "it cannot be read") };
  }
}

function firstSentence(words: string): string {
  return (words.split("\n")[0] ?? "").replace(/[.:]\s*$/, "");
}

/** The lines `key: text` with their text in quotes, where it has none and YAML takes it for more than a text. */
function quotePlain(yaml: string): string {
  return yaml.replace(plainLine, (line, key: string, value: string) => {
    const isList = /^(?:\[[^[\]]*\]|\{[^{}]*\})$/.test(value);
    return !isList && /: |:$|^[[{@`%!]| #/.test(value) ? `${key}: ${JSON.stringify(value)}` : line;
  });
}

const plainLine = /^([A-Za-z][\w-]*):[ \t]+(?!["'|>&*])(\S.*?)[ \t]*$/gm;

/** In the file, whose first line is the `---`. */
function lineOfKey(yaml: string, key: string): number | undefined {
  const index = yaml.split("\n").findIndex((line) => line.startsWith(`${key}:`));
  return index < 0 ? undefined : index + 2;
}
