import { type Fault, type JsonObject, jsonSchema, thrownText } from "@claw/agent-sdk";

/** Why an answer is not the JSON that was asked for. Not every vendor and model keeps to a schema. */
export async function answerFault(answer: string, schema: JsonObject): Promise<Fault | undefined> {
  const value = parsed(answer);
  if (value === undefined) return mismatch("it is not JSON");
  try {
    const checked = await jsonSchema(schema)["~standard"].validate(value);
    const [first] = checked.issues ?? [];
    if (first === undefined) return undefined;
    const path = (first.path ?? []).map((part) => String(typeof part === "object" ? part.key : part));
    return mismatch(`at ${["$", ...path].join(".")}: ${first.message}`);
  } catch (thrown) {
    return mismatch(`the schema cannot be checked: ${thrownText(thrown)}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function mismatch(why: string): Fault {
  return {
    code: "answer-mismatch",
    message: `The answer does not fit --json-schema: ${why.replace(/\.$/, "")}.`,
    hint: "Not every model keeps to a schema: look before you believe it, or ask another one.",
  };
}
