import { FaultError, thrownText } from "../fault.ts";

/** Throws an `Error` that says which promise was broken: a law needs no test framework. */
export function expectThat(condition: boolean, promise: string): void {
  if (!condition) throw new Error(`Broken promise: ${promise}`);
}

/** Throws when a round trip through JSON changes the value. */
export function expectPlain(value: unknown): void {
  const once = JSON.stringify(value);
  expectThat(equal(JSON.parse(once), value), "it survives a round trip through JSON");
}

/** Throws when the work changes the value that it was given. */
export async function expectUnchanged(value: unknown, work: () => Promise<unknown>): Promise<void> {
  const before = JSON.stringify(value);
  await work();
  expectThat(JSON.stringify(value) === before, "nothing of what it is given is changed");
}

/** How long a law waits for what must come soon, in milliseconds. */
const patience = 5_000;

/** Throws when the work takes too long; how it settles is free. A law that hangs would name no promise. */
export async function expectSettled(work: Promise<unknown>, promise: string): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, patience, false);
  });
  const settled = work.then(
    () => true,
    () => true,
  );
  try {
    expectThat(await Promise.race([settled, late]), promise);
  } finally {
    clearTimeout(timer);
  }
}

/** The fault code that a promise rejects with. Throws when it does not reject, or rejects without a fault. */
export async function rejectionCode(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (FaultError.isInstance(error)) return error.fault.code;
    throw new Error(`Broken promise: rejections are FaultErrors, got ${thrownText(error)}`);
  }
  throw new Error("Broken promise: it should have been rejected");
}

function equal(left: unknown, right: unknown): boolean {
  if (typeof left !== "object" || left === null || typeof right !== "object" || right === null) {
    return Object.is(left, right);
  }
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => equal(Reflect.get(left, name), Reflect.get(right, name)));
}
