import type { ShellWord } from "../shell-script.ts";
import type { Reading } from "./reading.ts";

/** Reads the arguments of one program, its name left out. */
export type Reader = (words: readonly ShellWord[]) => Reading;
