/**
 * Names that decide what runs later, or who may do what, wherever they stand in a workspace. A command in the sandbox
 * finds them as they are. Those that are *held* are kept from being created in its root, too: an empty folder holds
 * their place for the time of a command, so only names whose readers bear with one are held.
 */
const names: Readonly<Record<string, "held" | "kept">> = {
  // Agents and editors: settings, hooks, servers to start, tasks.
  ".claw": "held",
  ".claude": "held",
  ".mcp.json": "held",
  ".agents": "held",
  ".codex": "held",
  ".cursor": "held",
  ".gemini": "held",
  ".vscode": "held",
  ".idea": "held",
  ".devcontainer": "held",
  ".exrc": "kept",
  ".vimrc": "kept",
  // Shells.
  ".bashrc": "held",
  ".bash_profile": "held",
  ".bash_login": "held",
  ".bash_logout": "kept",
  ".bash_aliases": "held",
  ".profile": "held",
  ".zshrc": "held",
  ".zshenv": "held",
  ".zprofile": "held",
  ".zlogin": "kept",
  ".zlogout": "kept",
  ".inputrc": "kept",
  ".tmux.conf": "kept",
  ".envrc": "held",
  // Tools that run something on the next ordinary command.
  ".husky": "held",
  ".gitconfig": "held",
  ".gitmodules": "kept",
  ".npmrc": "held",
  ".yarnrc": "kept",
  ".yarnrc.yml": "kept",
  ".pnpmfile.cjs": "kept",
  ".pre-commit-config.yaml": "kept",
  ".ripgreprc": "kept",
  // Keys.
  ".ssh": "held",
  ".netrc": "kept",
  ".git-credentials": "kept",
  ".pypirc": "kept",
};

/** Without `.git`: a repository must be worked in, see `git-guards.ts`. */
export const protectedNames: ReadonlySet<string> = new Set(Object.keys(names));

/** In the root of a workspace. A repository, too, cannot be created there. */
export const heldNames: readonly string[] = [
  ".git",
  ...Object.keys(names).filter((name) => names[name] === "held"),
];

/** In the root of a repository further below. */
export const heldInRepositories: readonly string[] = [".claw", ".claude", ".mcp.json", ".vscode", ".husky"];
