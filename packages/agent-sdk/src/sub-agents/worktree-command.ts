/** Makes a worktree of the commit that is checked out, without a branch. No hook of the repository runs. */
export function worktreeCommand(folder: string): readonly [string, ...string[]] {
  return ["git", "-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet", "--detach", folder];
}
