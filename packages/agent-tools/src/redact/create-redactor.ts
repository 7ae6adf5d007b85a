import type { Redact, RedactPieces } from "@claw/agent-core";
import { type FindSecrets, findSecrets, type KnownSecret, waysOf } from "./find-secrets.ts";
import { redactedPieces } from "./redacted-pieces.ts";
import { asCharacters, type RedactedStream, redactedStreams } from "./redacted-stream.ts";
import { rememberClean, worthwhile } from "./remember-clean.ts";
import { type SecretForm, secretForms } from "./secret-form.ts";

/** Takes secrets out of texts, and out of output that comes in pieces. Keeps nothing between two of them. */
export interface Redactor {
  readonly text: Redact;
  /** For one output: pieces of bytes, cut anywhere. A line that may have a secret is held back until it is whole. */
  readonly stream: () => RedactedStream;
  /** For one text as somebody reads along: what is held back are a few words. */
  readonly pieces: RedactPieces;
}

export interface RedactorOptions {
  /** Secrets whose value is known. Values of fewer than eight characters are passed over: they stand in too many words. */
  readonly known?: readonly KnownSecret[];
  /** Forms beside those of well-known keys. */
  readonly forms?: readonly SecretForm[];
}

/** Makes a redactor of the well-known forms and of what is given. */
export function createRedactor({ known = [], forms = [] }: RedactorOptions = {}): Redactor {
  const usable = known.filter(({ value }) => value.length >= shortestValue);
  const inBytes = usable.map(({ name, value }) => ({ name, value: asCharacters(value) }));
  const find = findSecrets(usable, forms);
  const isAscii = usable.every(({ value }, index) => value === inBytes[index]?.value);
  const findInBytes = isAscii ? find : findSecrets(inBytes, forms);
  const values = inBytes.map(({ value }) => value);
  const own = forms.flatMap((form) => form.anchors);
  const wellKnown = secretForms.flatMap((form) => form.anchors);
  const anchors = [...wellKnown, ...own];
  const ways = inBytes.flatMap(({ value }) => waysOf(value));
  const look = rememberClean((text) => replaced(text, find));
  // Names of fields and other short words, which most texts are, hold none of the secrets that we know of.
  const shortest = forms.length === 0 ? shortestValue : 1;
  const redact: Redact = (text) => {
    if (text.length < shortest) return text;
    return text.length < worthwhile && !find.hint.test(text) ? text : look(text);
  };
  // Arguments of calls come as JSON.
  const spoken = redactedStreams(findInBytes, { values: ways, anchors: own, wordAnchors: wellKnown });
  return {
    text: Object.assign(redact, { shortest }),
    stream: redactedStreams(findInBytes, { values, anchors }),
    pieces: () => redactedPieces(spoken()),
  };
}

/** In characters; what the well-known forms find is longer. */
const shortestValue = 8;

function replaced(text: string, find: FindSecrets): string {
  let shown = "";
  let from = 0;
  for (const { start, end, mark } of find(text)) {
    shown += text.slice(from, start) + mark;
    from = end;
  }
  return from === 0 ? text : shown + text.slice(from);
}
