/** One thing done at the keyboard: a key, or a paste as a whole. */
export type Key =
  | {
      readonly type: "key";
      /** As `node:readline` names it, such as `return`, `left`, `c`; empty when it only stands for its text. */
      readonly name: string;
      /** What it would write; empty for a key that writes nothing. */
      readonly text: string;
      readonly ctrl: boolean;
      readonly meta: boolean;
    }
  | { readonly type: "paste"; readonly text: string };
