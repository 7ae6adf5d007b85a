import type { Fault } from "@claw/agent-core";
import type { SettingsLayer } from "./settings-layer.ts";
import type { SettingsSection } from "./settings-section.ts";

/** All settings of a session, layer by layer. */
export interface Settings {
  /** The weakest first: user, project, local, flags, managed. */
  readonly layers: readonly SettingsLayer[];
  /** What is wrong with the files, and what of them is not used. */
  readonly problems: readonly Fault[];
  /** Some deny rule may not be known: whoever composes has to ask about everything. */
  readonly isClosed: boolean;
  /** What each layer says that may say it, the weakest first. */
  readonly entries: <Value>(section: SettingsSection<Value>) => readonly SettingsEntry<Value>[];
  /** All of that in one; `undefined` where nobody says anything. */
  readonly get: <Value>(section: SettingsSection<Value>) => Value | undefined;
}

export interface SettingsEntry<Value> {
  readonly layer: SettingsLayer;
  readonly value: Value;
}
