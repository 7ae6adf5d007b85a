import { foldName } from "./fold-name.ts";

/**
 * The part of a path that makes it one of the files which run or decide something later: the insides of `.git`,
 * shell start files, agent and editor settings, keys. Writing one is asked about in every mode, also where the file
 * does not exist yet. `undefined` for an ordinary path.
 */
export function protectedName(path: string): string | undefined {
  const segments = path.split("/").map(foldName);
  for (const [i, segment] of segments.entries()) {
    if (folders.has(segment)) return segment;
    const pair = `${segment}/${segments[i + 1] ?? ""}`;
    if (nestedFolders.has(pair)) return pair;
  }
  const last = segments.at(-1) ?? "";
  return files.has(last) ? last : undefined;
}

const folders: ReadonlySet<string> = new Set([
  ".git",
  ".hg",
  ".jj",
  ".claw",
  ".claude",
  ".agents",
  ".codex",
  ".cursor",
  ".gemini",
  ".vscode",
  ".idea",
  ".zed",
  ".fleet",
  ".windsurf",
  ".continue",
  ".kiro",
  ".roo",
  ".husky",
  ".direnv",
  ".emacs.d",
  ".devcontainer",
  ".ssh",
  ".aws",
  ".azure",
  ".gnupg",
  ".kube",
  ".docker",
]);

const nestedFolders: ReadonlySet<string> = new Set([
  ".config/fish",
  ".config/zsh",
  ".config/direnv",
  ".config/environment.d",
  ".config/nvim",
  ".config/op",
  ".local/bin",
  ".cargo/config",
  ".cargo/config.toml",
  ".cargo/credentials",
  ".cargo/credentials.toml",
  ".config/git",
  ".config/systemd",
  ".config/autostart",
  ".config/gh",
  ".config/gcloud",
  "library/launchagents",
]);

const files: ReadonlySet<string> = new Set([
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
  ".kshrc",
  ".cshrc",
  ".tcshrc",
  ".login",
  ".inputrc",
  ".xprofile",
  ".xinitrc",
  ".vimrc",
  ".nvimrc",
  ".nvim.lua",
  ".exrc",
  ".emacs",
  ".dir-locals.el",
  ".gdbinit",
  ".lldbinit",
  ".pdbrc",
  ".irbrc",
  ".pryrc",
  ".rprofile",
  "sitecustomize.py",
  "usercustomize.py",
  ".curlrc",
  ".wgetrc",
  ".tmux.conf",
  ".mcp.json",
  ".npmrc",
  ".yarnrc",
  ".yarnrc.yml",
  ".pnpmfile.cjs",
  ".netrc",
  "_netrc",
  ".pypirc",
  ".pgpass",
  ".git-credentials",
  ".gitconfig",
  ".gitmodules",
  ".envrc",
  ".ripgreprc",
  ".pre-commit-config.yaml",
  ".lefthook.yml",
  ".lefthook.yaml",
  "lefthook.yml",
  "lefthook.yaml",
  "lefthook-local.yml",
]);
