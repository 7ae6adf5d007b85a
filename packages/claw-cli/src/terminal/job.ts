/** The program as a job of a shell, which can be put aside and brought back. */
export interface Job {
  /** Stops the program and the shell goes on, as Ctrl-Z does. Where there is no shell that could, nothing happens. */
  readonly suspend: () => void;
  /** Calls the handler each time the program goes on, until the returned function is called. */
  readonly onContinue: (handler: () => void) => () => void;
}
