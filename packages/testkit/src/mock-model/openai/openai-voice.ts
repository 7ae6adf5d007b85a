import type { Path, Voice } from "../shape.ts";

/** How OpenAI words a wrong field, on both of its protocols. */
export const openaiVoice: Voice = (problem, path) => {
  const place = openaiPlace(path);
  if (problem.type === "missing")
    return { message: `Missing required parameter: '${place}'.`, place, code: "missing_required_parameter" };
  if (problem.type === "unknown")
    return { message: `Unknown parameter: '${place}'.`, place, code: "unknown_parameter" };
  return {
    message: `Invalid value for '${place}': expected ${problem.expected}, but got ${problem.actual} instead.`,
    place,
    code: "invalid_value",
  };
};

/** `messages[1].tool_calls[0].id` */
export function openaiPlace(path: Path): string {
  return path.reduce<string>(
    (place, step) =>
      typeof step === "number" ? `${place}[${step}]` : place === "" ? step : `${place}.${step}`,
    "",
  );
}
