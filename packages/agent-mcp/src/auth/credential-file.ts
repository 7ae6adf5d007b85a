import { createHash } from "node:crypto";
import { readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
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
      } catch {
        return false;
      }
    },
  };
}
