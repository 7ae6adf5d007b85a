/**
 * The names of all programs that a command line for bash runs, wrappers and the scripts inside it included; where that
 * is not clear, more names rather than fewer. `undefined` when it cannot be told. `home` is what a tilde stands for.
 */
export async function commandPrograms(source: string, home: string): Promise<readonly string[] | undefined> {
  const { programsOf } = await import("./shell/programs-of.ts");
  return programsOf(source, home);
}
