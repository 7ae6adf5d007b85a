import { journalLaws } from "@claw/agent-core/testing";
import { fileJournal } from "@claw/agent-journal";
import { test } from "vitest";
import { temporaryFolder } from "./support.ts";

const folder = temporaryFolder();
let count = 0;

for (const law of journalLaws(() => fileJournal({ root: folder.path(`laws-${++count}`) }))) {
  test(law.name, law.check);
}
