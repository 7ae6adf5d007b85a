import { redactionMark } from "@claw/agent-core";
import { wellFormed } from "../well-formed.ts";
import { literalPattern } from "./literal-pattern.ts";
import { type SecretForm, secretForms } from "./secret-form.ts";

/** One secret that is known, such as the value of a variable. */
export interface KnownSecret {
  readonly name: string;
  readonly value: string;
}

/** Where a secret is in a text, and what stands there instead. */
export interface FoundSecret {
  readonly start: number;
  readonly end: number;
  readonly mark: string;
}

/** In order, without overlap. */
export interface FindSecrets {
  (text: string): readonly FoundSecret[];
  /** Matches every text that has one, and some that have none. */
  readonly hint: RegExp;
}

/** Finds secrets that are known and those that look like one. A text without any is read once. */
export function findSecrets(known: readonly KnownSecret[], more: readonly SecretForm[] = []): FindSecrets {
  const ofValues = knownForms(known);
  const others = [...secretForms, ...more];
  const forms = [...ofValues, ...others];
  const hint = anyOf(
    ofValues.flatMap(({ anchors }) => anchors),
    others.flatMap(({ anchors }) => anchors),
  );
  const find = (text: string): readonly FoundSecret[] => {
    if (!hint.test(text)) return none;
    const found = forms.flatMap((form) => matches(text, form));
    return found.length < 2 ? found : withoutOverlap(found);
  };
  return Object.assign(find, { hint });
}

const none: readonly FoundSecret[] = [];

/** Finds the first anchor. At the edge of a word where it begins one: `task-list` has no `sk-`. */
function anyOf(anywhere: readonly string[], anchors: readonly string[]): RegExp {
  const words = anchors.filter((anchor) => /^\w/.test(anchor));
  const signs = anchors.filter((anchor) => !/^\w/.test(anchor));
  return new RegExp(
    [`\\b(?:${words.map(literalPattern).join("|")})`, ...[...anywhere, ...signs].map(literalPattern)].join(
      "|",
    ),
  );
}

/** How a value may stand in a text: as it is, as in a URL, and as in JSON. */
export function waysOf(value: string): readonly string[] {
  return [...new Set([value, encodeURIComponent(wellFormed(value)), JSON.stringify(value).slice(1, -1)])];
}

function knownForms(known: readonly KnownSecret[]): readonly SecretForm[] {
  return known.flatMap(({ name, value }) =>
    waysOf(value).map((way) => ({ name, anchors: [way], pattern: new RegExp(literalPattern(way), "g") })),
  );
}

function matches(text: string, form: SecretForm): readonly FoundSecret[] {
  if (!form.anchors.some((anchor) => text.includes(anchor))) return none;
  const found: FoundSecret[] = [];
  for (const match of text.matchAll(form.pattern)) {
    const start = match.index + (match[1]?.length ?? 0);
    const end = match.index + match[0].length;
    const isSecret = end > start && (form.isSecret?.(text.slice(start, end)) ?? true);
    if (isSecret) found.push({ start, end, mark: redactionMark(form.name) });
  }
  return found;
}

/** The first one stays, and of those that begin together the longest; what is known comes before what only looks so. */
function withoutOverlap(found: readonly FoundSecret[]): readonly FoundSecret[] {
  const inOrder = [...found].sort((left, right) => left.start - right.start || right.end - left.end);
  const kept: FoundSecret[] = [];
  for (const secret of inOrder) {
    const last = kept.at(-1);
    if (last === undefined || secret.start >= last.end) kept.push(secret);
    else if (secret.end > last.end) kept[kept.length - 1] = { ...last, end: secret.end };
  }
  return kept;
}
