/**
 * The ripgrep programs worth trying, best first: the one of `@vscode/ripgrep`, an optional dependency, then the one
 * on PATH. Loads the package at the first call, not at start.
 */
export async function ripgrepPrograms(): Promise<readonly string[]> {
  const packaged = await import("@vscode/ripgrep").then(
    ({ rgPath }) => [rgPath],
    () => [],
  );
  return [...packaged, "rg"];
}
