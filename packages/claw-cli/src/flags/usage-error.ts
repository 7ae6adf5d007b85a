/** Why the command line cannot be understood, and what to do. */
export class UsageError extends Error {
  readonly hint: string;
  constructor(message: string, hint = "Run claw --help for all options.") {
    super(message);
    this.hint = hint;
  }
}
