/** The look of one kind of secret. */
export interface SecretForm {
  /** What stands in its place names this. */
  readonly name: string;
  /** Global. Where there is a first group, it stands before the secret and is kept. */
  readonly pattern: RegExp;
  /**
   * Pieces of text of which every match has one, in the line that it begins in: a text that has none is not looked at
   * further. One that begins with a letter begins a word.
   */
  readonly anchors: readonly string[];
  /** Judges what the pattern found; `false` for what only looks like a secret. */
  readonly isSecret?: (found: string) => boolean;
}

/** Where a key may begin: not inside of a word. */
const wordEdge = "(?<![\\w-])";

/**
 * The forms that well-known keys have. Each begins at the edge of a word, so that nothing inside of base64, a digest or a
 * longer name is one.
 */
export const secretForms: readonly SecretForm[] = [
  key("anthropic key", ["sk-ant-"], /sk-ant-[\w-]{16,}/),
  key("api key", ["sk-"], /sk-(?:proj-|svcacct-|admin-|or-v1-)?[\w-]{20,}/, hasRandomRun),
  key("stripe key", ["sk_", "rk_"], /[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/),
  key("github token", ["ghp_", "gho_", "ghs_", "ghu_", "ghr_"], /gh[opsur]_[A-Za-z0-9]{30,}/),
  key("github token", ["github_pat_"], /github_pat_\w{30,}/),
  key("gitlab token", ["glpat-"], /glpat-[\w-]{20,}/),
  key("slack token", ["xox"], /xox[abeoprs]-[A-Za-z0-9-]{10,}/, hasDigit),
  key("aws key id", ["AKIA", "ASIA"], /(?<![+/])A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9+/=_-])/),
  key("google key", ["AIza"], /(?<![+/])AIza[\w-]{35}(?![\w-])/),
  key("google token", ["ya29."], /ya29\.[\w-]{20,}/),
  key("npm token", ["npm_"], /npm_[A-Za-z0-9]{36}(?![\w-])/),
  key("hugging face token", ["hf_"], /hf_[A-Za-z0-9]{30,}(?![\w-])/),
  key("pypi token", ["pypi-AgE"], /pypi-AgE[\w-]{50,}/),
  key("jwt", ["eyJ"], /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{16,}/),
  {
    // With its end or without: what was cut off is no less a key. In JSON its newlines are two characters.
    name: "private key",
    anchors: ["-----BEGIN"],
    pattern:
      /-----BEGIN (?:[A-Z0-9]+ ){0,2}PRIVATE KEY(?: BLOCK)?-----(?:\\[nr]|\s)*(?:[A-Za-z-]{3,20}: [^\n\\]{0,100}(?:\\[nr]|\s)+){0,5}[A-Za-z0-9+/=]{20,}[A-Za-z0-9+/=\s\\]{0,16384}(?:-----END (?:[A-Z0-9]+ ){0,2}PRIVATE KEY(?: BLOCK)?-----)?/g,
  },
  {
    name: "bearer token",
    anchors: ["Bearer", "bearer"],
    pattern: /(\b[Bb]earer[ \t]{1,4})[\w.~+/-]{16,}={0,2}/g,
    isSecret: hasDigit,
  },
  {
    name: "authorization",
    anchors: ["Authorization", "authorization"],
    pattern:
      /(\b[Aa]uthorization["']?[ \t]{0,4}[:=][ \t]{0,4}["']?(?:[Bb]asic|[Tt]oken)[ \t]{1,4})[\w+/-]{12,}={0,2}/g,
  },
  {
    name: "aws secret key",
    anchors: ["aws_secret_access_key", "AWS_SECRET_ACCESS_KEY", "secretAccessKey", "SecretAccessKey"],
    pattern:
      /(\b(?:aws_secret_access_key|AWS_SECRET_ACCESS_KEY|[sS]ecretAccessKey)["']?[ \t]{0,4}[:=][ \t]{0,4}["']?)[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/g,
  },
  {
    name: "password of a url",
    anchors: ["://"],
    pattern: /(:\/\/[^\s/?#:@"'`<>]{0,128}:)[^\s/?#@"'`<>{}$]{3,256}(?=@[\w[])/g,
    isSecret: (found) => !placeholder.test(found),
  },
];

const placeholder = /^(?:pass(?:word|wd)?|secret|token|user|x+|\*+|\.+|%s|\[redacted.*)$/i;

function key(
  name: string,
  anchors: readonly string[],
  shape: RegExp,
  isSecret?: (found: string) => boolean,
): SecretForm {
  const pattern = new RegExp(`${wordEdge}${shape.source}`, "g");
  return { name, anchors, pattern, ...(isSecret === undefined ? {} : { isSecret }) };
}

function hasDigit(found: string): boolean {
  return /\d/.test(found);
}

/** Letters and digits mixed without a break, as no name of words is: `sk-cube-grid-animation-2` is a CSS class. */
function hasRandomRun(found: string): boolean {
  return found.split(/[-_]/).some((run) => run.length >= 16 && /\d/.test(run) && /[A-Za-z]/.test(run));
}
