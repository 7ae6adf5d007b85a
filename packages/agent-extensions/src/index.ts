export type { AgentDefinition } from "./agents/agent-definition.ts";
export { type AgentPlaces, type LoadedAgent, type LoadedAgents, loadAgents } from "./agents/load-agents.ts";
export {
  type ReadAgentDefinition,
  readAgentDefinition,
  type UnusedKey,
} from "./agents/read-agent-definition.ts";
export { editJsonFile, type JsonEdit } from "./edit-json-file.ts";
export { type Effort, efforts, readEffort } from "./effort.ts";
export {
  type Frontmatter,
  type FrontmatterFault,
  isFrontmatterFault,
  readFrontmatter,
} from "./frontmatter.ts";
export { agentHooks } from "./hooks/agent-hooks.ts";
export { type ConfiguredHook, configuredHooks, whyHookIsOff } from "./hooks/configured-hooks.ts";
export { createHookEngine, type HookEngine, type HookWitness } from "./hooks/create-hook-engine.ts";
export { type GivenHook, type GivenHooks, givenHooks } from "./hooks/given-hooks.ts";
export type { Hook, HookFunction, HookHandler, OnError } from "./hooks/hook.ts";
export { type HookEventName, hookEvents } from "./hooks/hook-events.ts";
export type { HookInput } from "./hooks/hook-input.ts";
export type { HookOutput } from "./hooks/hook-output.ts";
export type { HookPorts } from "./hooks/hook-ports.ts";
export {
  disableAllHooksSection,
  disabledHooksSection,
  managedHooksOnlySection,
} from "./hooks/hook-switches.ts";
export { hooksOf } from "./hooks/hooks-of.ts";
export { hooksSection } from "./hooks/hooks-section.ts";
export { type Matcher, readMatcher } from "./hooks/matcher.ts";
export type { PermissionUpdate } from "./hooks/permission-update.ts";
export { type IsFollowed, skillHooks } from "./hooks/skill-hooks.ts";
export {
  createInstructionLoader,
  defaultInstructionBytes,
  type InstructionLoader,
  type InstructionRequest,
} from "./instructions/create-instruction-loader.ts";
export { instructionMessage, laterInstructions } from "./instructions/instruction-message.ts";
export { isWithin, projectRoot } from "./instructions/instruction-places.ts";
export type { InstructionFile, Instructions, SkippedInstruction } from "./instructions/instructions.ts";
export { matchesGlobs } from "./instructions/rules.ts";
export { nearest } from "./nearest.ts";
export { oneAtATime } from "./one-at-a-time.ts";
export type { Fetch } from "./plugins/fetch-plugin.ts";
export { hashTree } from "./plugins/hash-tree.ts";
export {
  type InstalledPlugin,
  type PluginFolders,
  pluginFolders,
  readInstalled,
} from "./plugins/installed-plugins.ts";
export { type LoadedPlugins, loadPlugins } from "./plugins/load-plugins.ts";
export {
  type AddedPlugin,
  addPlugin,
  removePlugin,
  switchPlugin,
  validatePlugin,
} from "./plugins/manage-plugins.ts";
export type { Plugin } from "./plugins/plugin.ts";
export { readPlugin } from "./plugins/read-plugin.ts";
export type { PluginFaultCode } from "./plugins/read-plugin-file.ts";
export { loadSettings, type SettingsRequest } from "./settings/load-settings.ts";
export { rememberRules } from "./settings/remember-rules.ts";
export { environmentSection } from "./settings/sections/environment-section.ts";
export { disabledExtensionsSection } from "./settings/sections/extensions-section.ts";
export {
  type InstructionSettings,
  instructionExcludesSection,
  instructionsSection,
} from "./settings/sections/instructions-section.ts";
export { managedRulesOnlySection } from "./settings/sections/managed-rules-section.ts";
export {
  disabledMcpServersSection,
  disabledWorkspaceServersSection,
  type McpServersSetting,
  mcpServersSection,
} from "./settings/sections/mcp-servers-section.ts";
export {
  effortSection,
  fallbackModelSection,
  modelSection,
  providerSection,
} from "./settings/sections/model-sections.ts";
export { type PermissionSettings, permissionsSection } from "./settings/sections/permissions-section.ts";
export {
  mergeSandboxSettings,
  type SandboxSettings,
  sandboxSection,
} from "./settings/sections/sandbox-section.ts";
export {
  agentsSection,
  commandsSection,
  type SkillSettings,
  skillsSection,
} from "./settings/sections/skills-section.ts";
export type { Settings, SettingsEntry } from "./settings/settings.ts";
export {
  managedSettingsFiles,
  rememberedSettingsFile,
  type SettingsPlaces,
  settingsFiles,
} from "./settings/settings-files.ts";
export {
  type SettingsFile,
  type SettingsLayer,
  type SettingsScope,
  settingsScopes,
} from "./settings/settings-layer.ts";
export {
  plainSection,
  type SectionScope,
  type SettingsKey,
  type SettingsSection,
} from "./settings/settings-section.ts";
export { unusedKeys } from "./settings/unused-keys.ts";
export type { ValuePlace } from "./settings/value-place.ts";
export { type ExpandOptions, expandSkill } from "./skills/expand-skill.ts";
export { findSkills, type SkillRefusal } from "./skills/find-skills.ts";
export { listSkills } from "./skills/list-skills.ts";
export type { Skill, SkillProblem, Skills } from "./skills/skill.ts";
export { type SkillFolder, type SkillPlaces, skillFolders } from "./skills/skill-folders.ts";
export { newSkills, skillListing } from "./skills/skill-message.ts";
export { type SkillToolOptions, skillTool, skillToolName } from "./skills/skill-tool.ts";
export { splitArguments } from "./skills/split-arguments.ts";
export { programPin } from "./trust/program-pin.ts";
export {
  addToTrustList,
  isTrustFault,
  readTrustList,
  removeFromTrustList,
  type TrustedFolder,
  trustListFile,
} from "./trust/trust-list.ts";
export { type Brought, workspaceBrings } from "./trust/workspace-brings.ts";
export { readWorkspaceFiles, type WorkspaceFiles } from "./trust/workspace-files.ts";
export { type TrustQuestion, type WorkspaceTrust, workspaceTrust } from "./trust/workspace-trust.ts";
