import { join } from "node:path";
import { readSettingsLayer, type SettingsLayer } from "./settings-layer.ts";

export interface SettingsPlaces {
  /** The user's folder for Claw. */
  readonly home: string;
  /** The user's folder for this workspace, below `home`. */
  readonly project: string;
  readonly cwd: string;
}

/** The file that an "always" answer is saved in: the user's own, for this workspace only, out of the repository. */
export function rememberedSettingsFile(places: SettingsPlaces): string {
  return join(places.project, "settings.json");
}

/** All layers, the strongest last. The one inside the workspace is not trusted. */
export async function loadSettings(places: SettingsPlaces): Promise<readonly SettingsLayer[]> {
  const { home, cwd } = places;
  const user = join(home, "settings.json");
  return Promise.all([
    readSettingsLayer({ name: "user settings", file: user, root: home, trusted: true }),
    readSettingsLayer({
      name: "project settings",
      file: join(cwd, ".claw", "settings.json"),
      root: cwd,
      trusted: false,
    }),
    readSettingsLayer({
      name: "your settings for this workspace",
      file: rememberedSettingsFile(places),
      root: cwd,
      trusted: true,
    }),
  ]);
}
