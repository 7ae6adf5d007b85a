import { constants } from "node:os";

/** The signal that a shell's exit code stands for (128 + its number), such as `SIGKILL` for 137. */
export function signalOfExitCode(code: number): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0];
}

/** The exit code that a shell gives for a signal, such as 137 for `SIGKILL`; 128 for one that is not known. */
export function exitCodeOfSignal(signal: string): number {
  return 128 + (Object.entries(constants.signals).find(([name]) => name === signal)?.[1] ?? 0);
}
