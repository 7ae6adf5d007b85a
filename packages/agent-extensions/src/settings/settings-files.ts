import { dirname } from "node:path";
import { below } from "../below.ts";
import type { SettingsFile } from "./settings-layer.ts";

export interface SettingsPlaces {
  /** The user's home folder. */
  readonly home: string;
  /** The user's folder for Claw. */
  readonly claw: string;
  /** The user's folder for this workspace, below `claw`. */
  readonly project: string;
  /** The workspace: the real path of the folder that the session starts in. */
  readonly cwd: string;
  /** In place of the ones of the platform, the weakest first. */
  readonly managed?: readonly string[];
}

/** The file that an "always" answer is saved in: the user's own, for this workspace only, out of the repository. */
export function rememberedSettingsFile({ project }: Pick<SettingsPlaces, "project">): string {
  return below(project, "settings.json");
}

/** Every file that settings are looked for in, the weakest first. Within a scope our own folder is stronger. */
export function settingsFiles(places: SettingsPlaces): readonly SettingsFile[] {
  const { home, claw, cwd } = places;
  const elsewhere = below(home, ".claude");
  const inWorkspace = (scope: "project" | "local", folder: ".claude" | ".claw"): SettingsFile => ({
    scope,
    name: `${scope} settings${folder === ".claw" ? "" : ` (${folder})`}`,
    file: below(cwd, folder, scope === "local" ? "settings.local.json" : "settings.json"),
    root: cwd,
    foreign: folder === ".claude",
    inWorkspace: true,
  });
  const files: readonly SettingsFile[] = [
    {
      ...outside("user", "user settings (~/.claude)", below(elsewhere, "settings.json"), elsewhere),
      foreign: true,
    },
    outside("user", "user settings", below(claw, "settings.json"), claw),
    inWorkspace("project", ".claude"),
    inWorkspace("project", ".claw"),
    inWorkspace("local", ".claude"),
    inWorkspace("local", ".claw"),
    outside("local", "your settings for this workspace", rememberedSettingsFile(places), cwd),
    ...(places.managed ?? managedSettingsFiles()).map((file) => ({
      ...outside("managed", "managed settings", file, dirname(file)),
      foreign: /claude-?code/i.test(file),
    })),
  ];
  // In the home folder the workspace's files are the user's own.
  return files.filter(
    ({ file, inWorkspace: isTheirs }) =>
      !isTheirs || !files.some((each) => !each.inWorkspace && each.file === file),
  );
}

function outside(scope: SettingsFile["scope"], name: string, file: string, root: string): SettingsFile {
  return { scope, name, file, root, foreign: false, inWorkspace: false };
}

/** Where whoever runs the computer puts settings that bind its users, the weakest first. */
export function managedSettingsFiles(
  platform: NodeJS.Platform = process.platform,
  programs: string = process.env["ProgramFiles"] ?? "C:\\Program Files",
): readonly string[] {
  switch (platform) {
    case "darwin":
      return [
        "/Library/Application Support/ClaudeCode/managed-settings.json",
        "/Library/Application Support/Claw/settings.json",
      ];
    case "win32":
      return [`${programs}\\ClaudeCode\\managed-settings.json`, `${programs}\\Claw\\settings.json`];
    default:
      return ["/etc/claude-code/managed-settings.json", "/etc/claw/settings.json"];
  }
}
