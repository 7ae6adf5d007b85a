import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { temporaryFolder } from "./temporary-folder.ts";

/** A fresh folder for each test, and the files that a test writes there by their names in it. */
export interface TestFolder {
  /** Absolute, with every link resolved. Another one in each test. */
  readonly root: string;
  readonly at: (path: string) => string;
  /** Makes the folders on the way. */
  readonly put: (path: string, text: string) => Promise<void>;
  readonly remove: (path: string) => Promise<void>;
}

/** The two that a test runner gives. */
export interface TestHooks {
  readonly beforeEach: (prepare: () => Promise<void>) => void;
  readonly afterEach: (clean: () => Promise<void>) => void;
}

/** `prepare` fills the folder before each test. */
export function folderForEachTest(
  { beforeEach, afterEach }: TestHooks,
  prepare: (folder: TestFolder) => Promise<void> = async () => undefined,
): TestFolder {
  let root = "";
  let dispose = async (): Promise<void> => undefined;
  const at = (path: string): string => join(root, path);
  const folder: TestFolder = {
    get root() {
      return root;
    },
    at,
    put: async (path, text) => {
      await mkdir(dirname(at(path)), { recursive: true });
      await writeFile(at(path), text);
    },
    remove: (path) => rm(at(path), { recursive: true }),
  };
  beforeEach(async () => {
    const made = await temporaryFolder();
    root = made.path;
    dispose = async () => made[Symbol.asyncDispose]();
    await prepare(folder);
  });
  afterEach(() => dispose());
  return folder;
}

/** A `SKILL.md`. `keys`: further lines of its frontmatter. */
export function skillText(name: string, body = "Do it.", keys = ""): string {
  return `---\nname: ${name}\ndescription: Does ${name}.\n${keys}---\n${body}\n`;
}
