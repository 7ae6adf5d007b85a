import { randomUUID } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { FaultError } from "@claw/agent-core";
import { oneAtATime } from "@claw/agent-extensions";
import {
  type ModelProfile,
  type ProfileEntry,
  parseModelProfiles,
  printModelProfiles,
} from "@claw/agent-provider";

/** Where the user's own model profiles are kept, below their folder for Claw. */
export function modelProfilesFile(home: string): string {
  return join(home, "model-profiles.json");
}

/** The user's own profiles; none where there is no file. Rejects with `invalid-profiles`. */
export async function readModelProfiles(home: string): Promise<readonly ProfileEntry[]> {
  const file = modelProfilesFile(home);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return [];
  }
  const profiles = parseModelProfiles(text);
  if ("code" in profiles) throw new FaultError({ ...profiles, hint: `Mend or remove ${file}.` });
  return profiles;
}

/** Keeps a profile for a model, in place of an earlier one. The folder must be there. */
export function saveModelProfile(home: string, model: string, profile: ModelProfile): Promise<void> {
  const file = modelProfilesFile(home);
  return oneAtATime(file, async () => {
    const others = (await readModelProfiles(home)).filter(({ match }) => match !== model);
    const draft = `${file}.${randomUUID()}`;
    await using handle = await open(draft, "wx", 0o600);
    await handle.writeFile(printModelProfiles([{ ...profile, match: model }, ...others]));
    await handle.sync();
    await rename(draft, file);
  });
}
