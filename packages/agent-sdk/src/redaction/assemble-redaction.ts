import type { Settings } from "@claw/agent-extensions";
import { createRedactor, type Redactor } from "@claw/agent-tools";
import { ownEnvironment } from "../own-environment.ts";
import { environmentSecrets } from "./environment-secrets.ts";
import type { RedactOptions } from "./redact-options.ts";

/** What takes the secrets of this environment out of a session; `undefined` when it is switched off. */
export function assembleRedaction(
  options: RedactOptions | false | undefined,
  env: Readonly<Record<string, string | undefined>>,
  settings: Settings,
): Redactor | undefined {
  if (options === false) return undefined;
  const { variables, known = [], forms = [] } = options ?? {};
  const found = environmentSecrets({ ...ownEnvironment(settings), ...env }, variables);
  return createRedactor({ known: [...known, ...found], forms });
}
