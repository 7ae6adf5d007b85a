import { stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { plainText } from "@claw/agent-core";
import type { Skill } from "@claw/agent-extensions";
import type { Invoke } from "./session-skills.ts";

/**
 * What stands in a file that a skill names as `@path`: in the folder of the session, else in that of the skill. Read by a call
 * of the tool `Read`, so that rules hold. `undefined` where there is no such file: it is a word.
 */
export async function attachFile(
  path: string,
  { folder, kind }: Pick<Skill, "folder" | "kind">,
  { cwd, home }: { readonly cwd: string; readonly home: string },
  invoke: Invoke,
): Promise<string | undefined> {
  const places = path.startsWith("~/")
    ? [join(home, path.slice(2))]
    : isAbsolute(path)
      ? [path]
      : [join(cwd, path), ...(kind === "skill" ? [join(folder, path)] : [])];
  for (const file of places) {
    if (!(await isFile(file))) continue;
    const outcome = await invoke("Read", { file_path: file });
    const words = plainText(outcome.content);
    if (outcome.status !== "ok") return `[${path}: ${words === "" ? outcome.status : words}]`;
    return `<file path=${JSON.stringify(file)}>\n${words.replaceAll("</file>", "<\\/file>")}\n</file>`;
  }
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
