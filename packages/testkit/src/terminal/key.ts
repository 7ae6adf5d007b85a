/** A key as a person names it. Shift with letters is just another letter: type that. */
export type Key = keyof typeof fixed | keyof typeof cursor | `ctrl-${Letter}` | `alt-${Letter}`;

type Letter =
  | "a"
  | "b"
  | "c"
  | "d"
  | "e"
  | "f"
  | "g"
  | "h"
  | "i"
  | "j"
  | "k"
  | "l"
  | "m"
  | "n"
  | "o"
  | "p"
  | "q"
  | "r"
  | "s"
  | "t"
  | "u"
  | "v"
  | "w"
  | "x"
  | "y"
  | "z";

/** What a terminal sends for a key. `application`: the program asked for application cursor keys. */
export function keySequence(key: Key, application: boolean): string {
  if (Object.hasOwn(fixed, key)) return fixed[key as keyof typeof fixed]; // checked by hasOwn
  if (Object.hasOwn(cursor, key))
    return `\u001B${application ? "O" : "["}${cursor[key as keyof typeof cursor]}`; // checked by hasOwn
  const letter = key.slice(-1);
  return key.startsWith("alt-") ? `\u001B${letter}` : String.fromCharCode(letter.charCodeAt(0) & 0x1f);
}

const fixed = {
  enter: "\r",
  "alt-enter": "\u001B\r",
  escape: "\u001B",
  tab: "\t",
  "shift-tab": "\u001B[Z",
  space: " ",
  backspace: "\u007F",
  delete: "\u001B[3~",
  insert: "\u001B[2~",
  "page-up": "\u001B[5~",
  "page-down": "\u001B[6~",
} as const;

const cursor = { up: "A", down: "B", right: "C", left: "D", end: "F", home: "H" } as const;
