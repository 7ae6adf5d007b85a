import type { Terminal as Emulator } from "@xterm/headless";

/** The visible rows, each without the blanks at its end, and no empty rows at the bottom. */
export function screenText(emulator: Emulator): string {
  const { active } = emulator.buffer;
  const rows = Array.from({ length: emulator.rows }, (_, row) => rowText(emulator, active.viewportY + row));
  return rows.join("\n").trimEnd();
}

/** Everything since the start, lines that the terminal wrapped joined again. */
export function scrollbackText(emulator: Emulator): string {
  const { active } = emulator.buffer;
  const lines: string[] = [];
  for (let row = 0; row < active.length; row += 1) {
    const wrapped = active.getLine(row)?.isWrapped === true;
    const text = rowText(emulator, row);
    if (wrapped && lines.length > 0) lines.push(`${lines.pop()}${text}`);
    else lines.push(text);
  }
  return lines.join("\n").trimEnd();
}

function rowText(emulator: Emulator, row: number): string {
  return emulator.buffer.active.getLine(row)?.translateToString(true) ?? "";
}
