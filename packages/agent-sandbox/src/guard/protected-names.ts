/**
 * Names that decide what runs later, or who may do what, wherever they stand in a workspace. A command in the sandbox
 * finds them as they are. `.git` is not among them: a repository must be worked in, see `git-guards.ts`.
 */
export const protectedNames: ReadonlySet<string> = new Set([
  // Agents and editors: settings, hooks, servers to start, tasks.
  ".claw",
  ".claude",
  ".mcp.json",
  ".agents",
  ".codex",
  ".cursor",
  ".gemini",
  ".vscode",
  ".idea",
  ".devcontainer",
  ".exrc",
  ".vimrc",
  // Shells.
  ".bashrc",
  ".bash_profile",
  ".bash_login",
  ".bash_logout",
  ".bash_aliases",
  ".profile",
  ".zshrc",
  ".zshenv",
  ".zprofile",
  ".zlogin",
  ".zlogout",
  ".inputrc",
  ".tmux.conf",
  ".envrc",
  // Tools that run something on the next ordinary command.
  ".husky",
  ".gitconfig",
  ".gitmodules",
  ".npmrc",
  ".yarnrc",
  ".yarnrc.yml",
  ".pnpmfile.cjs",
  ".pre-commit-config.yaml",
  ".ripgreprc",
  // Keys.
  ".ssh",
  ".netrc",
  ".git-credentials",
  ".pypirc",
]);

/**
 * Those that are kept from being created in the root of a workspace. An empty folder holds their place for the time
 * of a command, so only names are here whose readers bear with one.
 */
export const heldNames: readonly string[] = [
  ".git",
  ".claw",
  ".claude",
  ".mcp.json",
  ".agents",
  ".codex",
  ".cursor",
  ".gemini",
  ".vscode",
  ".idea",
  ".devcontainer",
  ".husky",
  ".envrc",
  ".npmrc",
  ".gitconfig",
  ".bashrc",
  ".bash_profile",
  ".bash_login",
  ".bash_aliases",
  ".profile",
  ".zshrc",
  ".zshenv",
  ".zprofile",
  ".ssh",
];

/** In a repository below the root. */
export const heldInRepositories: readonly string[] = [".claw", ".claude", ".mcp.json", ".vscode", ".husky"];
