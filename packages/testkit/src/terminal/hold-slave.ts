import { closeSync, constants, openSync } from "node:fs";
import type { IPty } from "@lydell/node-pty";

/**
 * Keeps the program's side of the pseudo terminal open until the returned function is called. Without it the program's
 * end hangs the line up, and what was written just before can be lost on its way.
 */
export function holdSlave(pty: IPty): () => void {
  const name: unknown = Reflect.get(pty, "ptsName"); // there, but missing in the package's types
  if (typeof name !== "string") return () => {};
  const descriptor = openSync(name, constants.O_RDWR | constants.O_NOCTTY);
  return () => closeSync(descriptor);
}
