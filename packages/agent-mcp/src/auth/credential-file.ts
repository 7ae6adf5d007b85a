import { createHash } from "node:crypto";
import { readdir, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import { FaultError, thrownText } from "@claw/agent-core";
import { replacePrivateFile } from "../replace-private-file.ts";
import { type CredentialStore, type Credentials, noCredentials } from "./credential-store.ts";

/** Credentials in files of the user, one for each server, 0600 in a 0700 folder. */
export function credentialFiles(folder: string): CredentialStore {
  const fileOf = (url: string): string =>
    join(folder, `${createHash("sha256").update(url).digest("hex").slice(0, 32)}.json`);
  let turn: Promise<void> = Promise.resolve();

  async function load(url: string): Promise<Credentials> {
    try {
      // The file is our own; one that is damaged means that a person logs in again.
      const read = JSON.parse(await readFile(fileOf(url), "utf8")) as Partial<Credentials>;
      return { ...noCredentials, ...read };
    } catch {
      return noCredentials;
    }
  }

  return {
    load,
    change: (url, change) => {
      const next = turn.then(async () => {
        await replacePrivateFile(fileOf(url), JSON.stringify({ url, ...change(await load(url)) }));
      });
      turn = next.catch(() => undefined);
      return next;
    },
    remove: async (url) => {
      try {
        await unlink(fileOf(url));
        return true;
      } catch (error) {
        if (isAbsent(error)) return false;
        throw new FaultError({
          code: "mcp-credentials",
          message: `The tokens of ${url} are still there: ${thrownText(error)}`,
          hint: `Delete ${fileOf(url)} yourself.`,
        });
      }
    },
    list: async () => {
      const names = await readdir(folder).catch(() => []);
      const urls = await Promise.all(
        names.filter((name) => /^[0-9a-f]{32}\.json$/.test(name)).map((name) => urlIn(join(folder, name))),
      );
      return urls.filter((url) => url !== undefined);
    },
  };
}

async function urlIn(file: string): Promise<string | undefined> {
  try {
    const { url } = JSON.parse(await readFile(file, "utf8")) as { readonly url?: unknown };
    return typeof url === "string" ? url : undefined;
  } catch {
    return undefined; // It is damaged, so it logs nobody in.
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
