/** The folders of `PATH` in an environment that is made when they are first asked for, and stays as it is. */
export function programFolders(environment: () => Readonly<Record<string, string>>): () => readonly string[] {
  let known: readonly string[] | undefined;
  return () => {
    known ??= [...new Set((environment()["PATH"] ?? "").split(":").filter((folder) => folder !== ""))];
    return known;
  };
}
