/** Whether a value from outside looks as its type says. Types end where plain JavaScript begins. */
export type Shape = (value: unknown) => boolean;

/** Shapes of the values that injected parts hand over, from small to large. */
export const shape = {
  text: (value: unknown): boolean => typeof value === "string",
  flag: (value: unknown): boolean => typeof value === "boolean",
  verb: (value: unknown): boolean => typeof value === "function",
  present: (value: unknown): boolean => value !== undefined,
  /** Zero or more. */
  amount: (value: unknown): boolean => typeof value === "number" && Number.isFinite(value) && value >= 0,
  optional:
    (inner: Shape): Shape =>
    (value) =>
      value === undefined || inner(value),
  word:
    (...words: readonly string[]): Shape =>
    (value) =>
      typeof value === "string" && words.includes(value),
  list:
    (inner: Shape): Shape =>
    (value) =>
      Array.isArray(value) && value.every(inner),
  record: (fields: Readonly<Record<string, Shape>>): Shape => {
    const entries = Object.entries(fields);
    return (value) => {
      if (!isObject(value)) return false;
      for (const [name, inner] of entries) if (!inner(Reflect.get(value, name))) return false;
      return true;
    };
  },
  /** One of several kinds, told apart by the field `tag`. */
  variant:
    (tag: string, kinds: Readonly<Record<string, Shape>>): Shape =>
    (value) => {
      const kind: unknown = isObject(value) ? Reflect.get(value, tag) : undefined;
      return typeof kind === "string" && Object.hasOwn(kinds, kind) && kinds[kind]?.(value) === true;
    },
} as const;

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
