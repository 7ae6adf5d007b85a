import { isJsonObject, type JsonObject, type JsonValue, parseUrl } from "@claw/agent-core";
import type { Elicit, Elicitation, ElicitationAnswer } from "./elicit.ts";

/** One question with up to 4 answers to choose from; a person may also answer in their own words. */
export interface PlainQuestion {
  readonly question: string;
  readonly header: string;
  readonly options: readonly { readonly label: string; readonly description: string }[];
  readonly multiSelect: boolean;
}

export interface PlainAnswer {
  readonly selected: readonly string[];
  readonly text?: string;
}

/** Puts questions to a person; `undefined`: they want to answer none. */
export type PutQuestions = (
  questions: readonly PlainQuestion[],
  signal: AbortSignal,
) => Promise<readonly PlainAnswer[] | undefined>;

/** A server's form, field by field, as questions that any host can put. */
export function elicitWithQuestions(put: PutQuestions): Elicit {
  return async (elicitation, signal) => {
    const agreed = await put([consent(elicitation)], signal);
    if (agreed === undefined) return { action: "cancel" };
    if (agreed[0]?.selected[0] !== yes) return { action: "decline" };
    if (elicitation.type === "url") return { action: "accept" };
    return askFields(elicitation.schema, put, signal);
  };
}

const yes = "Yes";

function consent(elicitation: Elicitation): PlainQuestion {
  const { server, message } = elicitation;
  const what =
    elicitation.type === "url"
      ? `Open ${elicitation.url} in your browser if you trust it. Is it done?`
      : "Answer it?";
  return {
    question: `The MCP server ${server} asks: ${message}\n${what}`,
    header: "MCP",
    options: [
      {
        label: yes,
        description: elicitation.type === "url" ? "It is done" : "What you say goes to the server",
      },
      { label: "No", description: "The server is told that you declined" },
    ],
    multiSelect: false,
  };
}

async function askFields(
  schema: JsonObject,
  put: PutQuestions,
  signal: AbortSignal,
): Promise<ElicitationAnswer> {
  const fields = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const content: Record<string, JsonValue> = {};
  for (const [name, field] of Object.entries(fields)) {
    if (!isJsonObject(field)) continue;
    const needed = required.includes(name);
    for (let problem = ""; ; ) {
      const answers = await put([fieldQuestion(name, field, needed, problem)], signal);
      if (answers === undefined) return { action: "cancel" };
      const value = readField(field, answers[0] ?? { selected: [] });
      if (value === undefined && needed) problem = "It must be answered.";
      else if (value instanceof Problem) problem = value.message;
      else {
        if (value !== undefined) content[name] = value;
        break;
      }
    }
  }
  return { action: "accept", content };
}

class Problem extends Error {}

const leaveOut = "Leave it out";
const useDefault = "Use the default";

/** Answers that a host shows at most; one in their own words is always possible. */
const mostOptions = 4;

function fieldQuestion(name: string, field: JsonObject, needed: boolean, problem: string): PlainQuestion {
  const title = typeof field["title"] === "string" ? field["title"] : name;
  const more = typeof field["description"] === "string" ? ` (${field["description"]})` : "";
  const extra = [
    ...(field["default"] === undefined
      ? []
      : [{ label: useDefault, description: JSON.stringify(field["default"]) }]),
    ...(needed ? [] : [{ label: leaveOut, description: "The server can do without" }]),
  ];
  const choices = choicesOf(field);
  const shown = choices.slice(0, mostOptions - extra.length);
  const rest =
    shown.length < choices.length ? ` One of: ${choices.map(({ label }) => label).join(", ")}.` : "";
  return {
    question: `${problem === "" ? "" : `${problem} `}${title}${more}${rest}`,
    header: name.slice(0, 12),
    options: [...shown.map(({ label }) => ({ label, description: "" })), ...extra],
    multiSelect: field["type"] === "array",
  };
}

function choicesOf(field: JsonObject): readonly { readonly label: string; readonly value: JsonValue }[] {
  if (field["type"] === "boolean") {
    return [
      { label: "Yes", value: true },
      { label: "No", value: false },
    ];
  }
  const source = isJsonObject(field["items"]) ? field["items"] : field;
  const titled = source["oneOf"] ?? source["anyOf"];
  if (Array.isArray(titled)) {
    return titled.filter(isJsonObject).map((each) => ({
      label: String(each["title"] ?? each["const"]),
      value: each["const"] ?? "",
    }));
  }
  const names = Array.isArray(source["enumNames"]) ? source["enumNames"] : [];
  const values = Array.isArray(source["enum"]) ? source["enum"] : [];
  return values.map((value: JsonValue, index) => ({ label: String(names[index] ?? value), value }));
}

function readField(field: JsonObject, { selected, text }: PlainAnswer): JsonValue | undefined | Problem {
  const choices = choicesOf(field);
  const words = text?.trim() ?? "";
  const named = [...selected, ...(words === "" ? [] : [words])];
  if (named.includes(leaveOut) || named.length === 0) return undefined;
  if (named.includes(useDefault)) return field["default"];
  if (choices.length > 0) {
    const values = named.map((name) =>
      choices.find(({ label, value }) => label === name || String(value) === name),
    );
    if (values.includes(undefined)) return new Problem("That is not one of the answers.");
    const chosen = values.flatMap((each) => (each === undefined ? [] : [each.value]));
    return field["type"] === "array" ? chosen : chosen[0];
  }
  const said = named.join(", ");
  const isNumber = field["type"] === "number" || field["type"] === "integer";
  return isNumber ? readNumber(field, Number(said)) : readText(field, said);
}

function readNumber({ type, minimum, maximum }: JsonObject, number: number): JsonValue | Problem {
  if (!Number.isFinite(number)) return new Problem("It must be a number.");
  if (type === "integer" && !Number.isInteger(number)) return new Problem("It must be a whole number.");
  if (typeof minimum === "number" && number < minimum) return new Problem(`It must be ${minimum} or more.`);
  if (typeof maximum === "number" && number > maximum) return new Problem(`It must be ${maximum} or less.`);
  return number;
}

function readText({ minLength, maxLength, format }: JsonObject, said: string): JsonValue | Problem {
  if (typeof minLength === "number" && said.length < minLength)
    return new Problem(`It must have ${minLength} characters or more.`);
  if (typeof maxLength === "number" && said.length > maxLength)
    return new Problem(`It must have ${maxLength} characters or fewer.`);
  const known = typeof format === "string" ? formats.get(format) : undefined;
  return known === undefined || known.fits(said) ? said : new Problem(known.words);
}

/** The formats that the protocol has. */
const formats: ReadonlyMap<string, { readonly fits: (said: string) => boolean; readonly words: string }> =
  new Map([
    ["email", { fits: (said) => /^[^\s@]+@[^\s@]+$/.test(said), words: "It must be an e-mail address." }],
    [
      "uri",
      { fits: (said) => parseUrl(said) !== undefined, words: "It must be an address such as https://…" },
    ],
    ["date", { fits: isDate, words: "It must be a date such as 2026-01-31." }],
    [
      "date-time",
      {
        fits: (said) => said.includes("T") && isDate(said.slice(0, 10)) && !Number.isNaN(Date.parse(said)),
        words: "It must be a time such as 2026-01-31T12:00:00Z.",
      },
    ],
  ]);

function isDate(said: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(said) && !Number.isNaN(Date.parse(said));
}
