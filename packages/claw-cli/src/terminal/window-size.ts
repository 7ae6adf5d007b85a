import type { ScreenOutput } from "./screen.ts";

export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

/** Of a terminal; 80 by 24 where nobody knows it: serial lines and programs without a window say 0. */
export function windowSize({ columns, rows }: Pick<ScreenOutput, "columns" | "rows">): WindowSize {
  return { columns: columns || 80, rows: rows || 24 };
}
