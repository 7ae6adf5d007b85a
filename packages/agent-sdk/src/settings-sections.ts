import {
  commandsSection,
  effortSection,
  environmentSection,
  fallbackModelSection,
  instructionExcludesSection,
  instructionsSection,
  managedRulesOnlySection,
  mcpServersSection,
  modelSection,
  permissionsSection,
  providerSection,
  type SettingsKey,
  sandboxSection,
  skillsSection,
} from "@claw/agent-extensions";

/** Everything that a settings file may say. A part of an agent that has settings adds its section here. */
export const settingsSections: readonly SettingsKey[] = [
  permissionsSection,
  managedRulesOnlySection,
  environmentSection,
  providerSection,
  modelSection,
  fallbackModelSection,
  effortSection,
  sandboxSection,
  mcpServersSection,
  instructionsSection,
  instructionExcludesSection,
  skillsSection,
  commandsSection,
];
