/** What went wrong, as data: a stable code to switch on, a sentence for people, and what to do about it. */
export interface Fault<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
  /** The next step for the person who reads it. */
  readonly hint?: string;
}

/** A `Fault` on its way up where a value cannot go. Recognised by name and shape, so duplicate installs agree. */
export class FaultError<Code extends string = string> extends Error {
  readonly fault: Fault<Code>;

  constructor(fault: Fault<Code>, options?: ErrorOptions) {
    super(fault.message, options);
    this.name = "FaultError";
    this.fault = fault;
  }

  static isInstance(value: unknown): value is FaultError {
    return value instanceof Error && value.name === "FaultError" && "fault" in value;
  }
}

/** The fault inside a `FaultError`, or a fault with the given code made from anything thrown. Never throws. */
export function toFault(thrown: unknown, code: string): Fault {
  if (FaultError.isInstance(thrown)) return thrown.fault;
  return { code, message: thrownText(thrown) };
}

/** One line of text for anything that can be thrown, hostile getters included. */
export function thrownText(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return thrown.message || thrown.name;
    return typeof thrown === "string" ? thrown : (JSON.stringify(thrown) ?? String(thrown));
  } catch {
    return "something that cannot be shown was thrown";
  }
}
