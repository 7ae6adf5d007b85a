import {
  type BigIntStats,
  lstat,
  lstatSync,
  open,
  openSync,
  read,
  readSync,
  realpath,
  realpathSync,
  stat,
  statSync,
} from "node:fs";
import { isAnyNameFar, isFar } from "./far-mounts.ts";

/**
 * What reading a file asks the system. On our own disks it is asked at once: handing a question to another thread and
 * taking the answer back costs more than most answers. A share of another machine may take as long as it likes, and is
 * asked on another thread.
 */
export const fileCalls = {
  /** Of the name itself: a link is not followed. */
  lstat: (path: string): Promise<BigIntStats> =>
    isFar(path)
      ? answer((done) => lstat(path, { bigint: true }, done))
      : atOnce(() => lstatSync(path, { bigint: true })),

  /** Of what the name leads to. */
  stat: (path: string): Promise<BigIntStats> =>
    isAnyNameFar()
      ? answer((done) => stat(path, { bigint: true }, done))
      : atOnce(() => statSync(path, { bigint: true })),

  /** Every link followed. Rejects as the system does where something is missing. */
  realpath: (path: string): Promise<string> =>
    isAnyNameFar() ? answer((done) => realpath.native(path, done)) : atOnce(() => realpathSync.native(path)),

  open: (path: string, flags: number): Promise<number> =>
    isFar(path) ? answer((done) => open(path, flags, done)) : atOnce(() => openSync(path, flags)),

  /** How many bytes of the open file at `path` came. */
  read: (path: string, file: number, buffer: Uint8Array, position: number): Promise<number> =>
    // Only the beginning: a long file must not keep everything else from running.
    position > 0 || isFar(path)
      ? answer((done) => read(file, buffer, 0, buffer.length, position, done))
      : atOnce(() => readSync(file, buffer, 0, buffer.length, position)),
} as const;

function answer<Value>(
  ask: (done: (error: NodeJS.ErrnoException | null, value: Value) => void) => void,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    ask((error, value) => (error === null ? resolve(value) : reject(error)));
  });
}

async function atOnce<Value>(ask: () => Value): Promise<Value> {
  return ask();
}
