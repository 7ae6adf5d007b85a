import type { Finding } from "../finding.ts";
import type { RequestHeaders } from "../wire.ts";

/** The API versions that the mock knows; under the newer one sampling parameters are gone. */
export const anthropicVersions = ["2023-06-01", "2026-10-21"] as const;

/** A key in either form, and a known version. */
export function checkAnthropicHeaders(headers: RequestHeaders): readonly Finding[] {
  const findings: Finding[] = [];
  if (anthropicKey(headers) === undefined)
    findings.push({ status: 401, message: "x-api-key header is required" });
  if (headers["x-api-key"] !== undefined && headers["authorization"] !== undefined)
    findings.push({ status: 401, message: "x-api-key and authorization: only one of the two may be sent" });
  const version = headers["anthropic-version"];
  if (version === undefined) findings.push({ message: "anthropic-version: header is required" });
  else if (!anthropicVersions.some((known) => known === version))
    findings.push({ message: `anthropic-version: "${version}" is not a valid version` });
  return findings;
}

export function anthropicKey(headers: RequestHeaders): string | undefined {
  const bearer = /^Bearer (.+)$/.exec(headers["authorization"] ?? "");
  return headers["x-api-key"] || bearer?.[1];
}
