import type { JsonObject } from "@claw/agent-core";
import type { Report } from "../finding.ts";
import { looseObject, looseText } from "../loose-json.ts";

/** What OpenAI asks of a function's parameter schema, beyond it being an object. */
export function checkFunctionSchema(
  name: string,
  parameters: JsonObject,
  strict: boolean,
  place: string,
  report: Report,
): void {
  const complain = (context: string, problem: string): void =>
    report({
      message: `Invalid schema for function '${name}': In context=(${context}), ${problem}.`,
      place,
      code: "invalid_function_parameters",
    });
  if (parameters["type"] !== "object")
    complain(
      "",
      `schema must be a JSON Schema of 'type: "object"', got 'type: ${JSON.stringify(parameters["type"] ?? "None")}'`,
    );
  else if (parameters["properties"] === undefined) complain("", "object schema missing properties");
  checkNode(parameters, "", strict, complain);
}

function checkNode(
  node: JsonObject,
  context: string,
  strict: boolean,
  complain: (context: string, problem: string) => void,
): void {
  if (node["type"] === "array" && node["items"] === undefined && node["prefixItems"] === undefined)
    complain(context, "array schema missing items");
  const properties = looseObject(node["properties"]);
  if (strict && node["type"] === "object") {
    const required = Array.isArray(node["required"]) ? node["required"].map(looseText) : [];
    if (node["additionalProperties"] !== false)
      complain(context, "'additionalProperties' is required to be supplied and to be false");
    if (Object.keys(properties).some((key) => !required.includes(key)))
      complain(
        context,
        "'required' is required to be supplied and to be an array including every key in properties",
      );
  }
  for (const [key, child] of Object.entries(properties)) {
    checkNode(looseObject(child), `${context}'properties', '${key}', `, strict, complain);
  }
  if (node["items"] !== undefined)
    checkNode(looseObject(node["items"]), `${context}'items', `, strict, complain);
}
