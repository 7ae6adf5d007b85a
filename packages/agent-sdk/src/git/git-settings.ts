/** One setting of a git configuration: `diff.pdf` `textconv`. */
export interface GitSetting {
  /** In small letters, but for what stands in quotes. */
  readonly section: string;
  readonly key: string;
  readonly value: string;
}

/**
 * The settings in a git configuration, read as git reads it: a backslash at the end of a line goes on with a value, and
 * with nothing else. Throws for a text that git refuses; who guards must not take it for one without settings.
 */
export function gitSettings(config: string): readonly GitSetting[] {
  return new GitSettings(config.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n")).all();
}

const gap = /(?:\s|[#;][^\n]*)+/y;
const header = /\[([\w.-]*)(?:[^\S\n]+"((?:[^"\\\n]|\\[^\n])*)")?\]/y;
const variable = /([A-Za-z][A-Za-z0-9-]*)[ \t]*/y;
/** Up to a mark of a comment, a quote or a backslash. */
const plain = /[^\n#;"\\]+/y;
const quoted = /[^\n"\\]+/y;
const comment = /[#;][^\n]*/y;
const escaped = /\\[nbt"\\\n]/y;

class GitSettings {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  all(): readonly GitSetting[] {
    const settings: GitSetting[] = [];
    let section: string | undefined;
    for (;;) {
      this.#take(gap);
      if (this.#at >= this.#text.length) return settings;
      const opened = this.#take(header);
      if (opened !== undefined) {
        const [, name = "", below] = opened;
        section = name.toLowerCase() + (below === undefined ? "" : `.${below.replace(/\\(.)/g, "$1")}`);
        continue;
      }
      const key = this.#take(variable)?.[1];
      if (key === undefined || section === undefined) throw notGits();
      settings.push({ section, key: key.toLowerCase(), value: this.#rest() });
    }
  }

  /** What stands behind a key: nothing, or a value. */
  #rest(): string {
    const next = this.#text[this.#at];
    if (next === undefined || next === "\n") return "";
    if (next !== "=") throw notGits();
    this.#at += 1;
    return this.#value();
  }

  #value(): string {
    let value = "";
    let inQuotes = false;
    for (;;) {
      const next = this.#text[this.#at];
      if (next === undefined || next === "\n") {
        if (inQuotes) throw notGits();
        return value.trim();
      }
      if (next === '"') {
        inQuotes = !inQuotes;
        this.#at += 1;
      } else if (next === "\\") value += this.#escaped();
      else if (inQuotes || this.#take(comment) === undefined) {
        value += this.#take(inQuotes ? quoted : plain)?.[0] ?? "";
      }
    }
  }

  #escaped(): string {
    const sign = this.#take(escaped)?.[0][1];
    if (sign === undefined) throw notGits();
    return sign === "\n" ? "" : (escapes[sign] ?? sign);
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text) ?? undefined;
    if (found !== undefined) this.#at = pattern.lastIndex;
    return found;
  }
}

const escapes: Readonly<Record<string, string>> = { n: "\n", b: "\b", t: "\t" };

function notGits(): Error {
  return new Error("its settings are written as git does not read them");
}
