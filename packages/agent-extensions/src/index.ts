export {
  loadSettings,
  rememberedSettingsFile,
  type SettingsPlaces,
} from "./settings/load-settings.ts";
export { isFault, parseSettings } from "./settings/parse-settings.ts";
export { rememberRules } from "./settings/remember-rules.ts";
export type { PermissionSettings, Settings } from "./settings/settings.ts";
export { readSettingsLayer, type SettingsLayer } from "./settings/settings-layer.ts";
