import type { DurableEvent } from "@claw/agent-core";

/** Whether a parsed record can be folded: the fields that the runtime reads are there and of their types. */
export function isEvent(value: unknown): value is DurableEvent {
  const event = fieldsOf(value);
  if (event === undefined || !isSeq(event["seq"])) return false;
  if (!is.string(event["run"]) || !is.number(event["at"])) return false;
  if (event["parent"] !== undefined && !is.string(event["parent"])) return false;
  const body = bodies.get(String(event["type"]));
  return body?.(event) === true;
}

/** With room for those that follow: behind the last whole number nothing could be written that is read again. */
function isSeq(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) <= Number.MAX_SAFE_INTEGER / 2;
}

type Fields = Readonly<Record<string, unknown>>;
type Check = (fields: Fields) => boolean;

function fieldsOf(value: unknown): Fields | undefined {
  // Any object can be asked for a field by name.
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

const is = {
  string: (value: unknown): boolean => typeof value === "string",
  number: (value: unknown): boolean => typeof value === "number",
  list: (value: unknown): value is readonly unknown[] => Array.isArray(value),
  fields: (value: unknown): boolean => fieldsOf(value) !== undefined,
  strings: (fields: Fields, ...names: readonly string[]): boolean =>
    names.every((name) => typeof fields[name] === "string"),
};

const bodies: ReadonlyMap<string, Check> = new Map<DurableEvent["type"], Check>([
  [
    "run-start",
    ({ schema, model, tools = [] }) =>
      is.number(schema) && is.fields(model) && is.list(tools) && tools.every(isToolSpec),
  ],
  ["message", (event) => isMessage(event["message"])],
  [
    "tool-intent",
    (event) =>
      is.strings(event, "call", "tool", "effectClass", "idempotencyKey") && isEffects(event["effects"]),
  ],
  ["tool-plan", (event) => is.string(event["call"]) && event["plan"] !== undefined],
  [
    "permission-decision",
    (event) =>
      is.strings(event, "call", "tool", "decision", "by", "reason") &&
      (event["remember"] === undefined || isRemember(event["remember"])),
  ],
  ["permission-pending", (event) => isQuestion(event["request"])],
  ["compaction", (event) => is.list(event["edits"]) && event["edits"].every(isEdit)],
  ["side-call", (event) => is.string(event["purpose"]) && is.fields(event["usage"])],
  ["hook", (event) => is.strings(event, "event", "name", "source", "outcome")],
  ["checkpoint", (event) => is.strings(event, "path", "after") && isFileContent(event["before"])],
  ["rewind", (event) => is.number(event["to"]) && is.list(event["edits"]) && event["edits"].every(isEdit)],
  ["task", (event) => isTask(event["task"])],
  ["run-end", (event) => is.string(event["reason"]) && is.fields(event["usage"])],
]);

function isToolSpec(value: unknown): boolean {
  const spec = fieldsOf(value);
  return spec !== undefined && is.strings(spec, "name", "description") && is.fields(spec["inputSchema"]);
}

function isQuestion(value: unknown): boolean {
  const question = fieldsOf(value);
  return (
    question !== undefined && is.strings(question, "call", "tool", "cwd") && isEffects(question["effects"])
  );
}

function isEffects(value: unknown): boolean {
  return is.list(value) && value.every((effect) => is.string(fieldsOf(effect)?.["type"]));
}

/** Its rules come into force again when the session is resumed. */
function isRemember(value: unknown): boolean {
  const remember = fieldsOf(value);
  if (remember === undefined || !is.string(remember["scope"])) return false;
  return is.list(remember["rules"]) && remember["rules"].every(is.string);
}

function isMessage(value: unknown): boolean {
  const message = fieldsOf(value);
  switch (message?.["role"]) {
    case "user":
      return is.string(message["origin"]) && isContent(message["content"]);
    case "assistant":
      return (
        is.fields(message["model"]) &&
        is.string(fieldsOf(message["stop"])?.["reason"]) &&
        is.fields(message["usage"]) &&
        isContent(message["content"])
      );
    case "tool":
      return is.strings(message, "call", "name") && isOutcome(message["outcome"]);
    default:
      return false;
  }
}

function isOutcome(value: unknown): boolean {
  const outcome = fieldsOf(value);
  if (outcome === undefined || !isContent(outcome["content"])) return false;
  switch (outcome["status"]) {
    case "ok":
    case "cancelled":
      return true;
    case "failed":
      return is.strings(fieldsOf(outcome["error"]) ?? {}, "code", "message");
    case "denied":
      return is.string(outcome["by"]);
    default:
      return false;
  }
}

function isContent(value: unknown): boolean {
  return is.list(value) && value.every(isPart);
}

function isPart(value: unknown): boolean {
  const part = fieldsOf(value);
  switch (part?.["type"]) {
    case "text":
    case "reasoning":
      return is.string(part["text"]);
    case "image":
    case "file":
      return is.strings(part, "mediaType", "data");
    case "tool-call":
      return is.strings(part, "id", "name") && part["input"] !== undefined;
    default:
      return false;
  }
}

function isFileContent(value: unknown): boolean {
  const content = fieldsOf(value);
  return content?.["state"] === "absent" || (content !== undefined && is.strings(content, "state", "sha256"));
}

function isEdit(value: unknown): boolean {
  const edit = fieldsOf(value);
  if (edit === undefined || !is.number(edit["from"]) || !is.number(edit["to"])) return false;
  return is.list(edit["with"]) && edit["with"].every(isMessage);
}

function isTask(value: unknown): boolean {
  const task = fieldsOf(value);
  return task !== undefined && is.strings(task, "id", "kind", "title", "status");
}
