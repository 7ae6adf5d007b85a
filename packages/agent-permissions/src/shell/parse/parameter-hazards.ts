import type { ParameterExpansionPart } from "unbash";

/** Why an expansion does more than put in a value. */
export function parameterHazards(part: ParameterExpansionPart): readonly string[] {
  const found: string[] = [];
  const { operation, index } = part;
  if (part.prefix === "!") found.push("it expands a variable whose name is in a variable");
  if (index !== undefined && !/^(\d+|@|\*)$/.test(index.text)) found.push("it calculates an index");
  if (operation?.type === "Transform" && !/^[QUuL]$/.test(operation.operand.text)) {
    found.push("it evaluates the value of a variable");
  }
  if (operation?.type === "Default" && operation.operator.endsWith("=")) found.push("it sets a variable");
  if (operation?.type === "Unknown") found.push("it expands a variable in an unknown way");
  if (operation?.type === "Slice") {
    const numbers = [operation.offset, operation.length].filter((word) => word !== undefined);
    if (!numbers.every((word) => /^\s*-?\d+$/.test(word.text))) found.push("it calculates where to cut");
  }
  return found;
}
