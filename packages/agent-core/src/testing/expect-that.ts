import { FaultError, thrownText } from "../fault.ts";

/** Throws an `Error` that says which promise was broken: a law needs no test framework. */
export function expectThat(condition: boolean, promise: string): void {
  if (!condition) throw new Error(`Broken promise: ${promise}`);
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
