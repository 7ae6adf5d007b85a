import type { JsonValue } from "@claw/agent-core";
import type { SettingsSection } from "../settings-section.ts";
import type { ValuePlace } from "../value-place.ts";

/** How commands are confined. Paths: absolute, or with `~/`, or relative to the working directory. */
export interface SandboxSettings {
  readonly enabled?: boolean;
  /** Commands that cannot be confined are refused. */
  readonly required?: boolean;
  /** Commands that run confined need no question. */
  readonly autoAllow?: boolean;
  /** The model may ask for a command outside. */
  readonly allowUnsandboxedCommands?: boolean;
  readonly excludedCommands?: readonly string[];
  readonly filesystem?: {
    readonly allowWrite?: readonly string[];
    readonly denyWrite?: readonly string[];
    readonly denyRead?: readonly string[];
    readonly allowRead?: readonly string[];
  };
  readonly network?: { readonly enabled?: boolean; readonly allowedDomains?: readonly string[] };
  readonly backend?: "platform" | "sandbox-runtime";
}

interface Field {
  readonly read: (value: JsonValue, place: ValuePlace) => unknown;
  /** What it is called here, where the public format has another name. */
  readonly means?: string;
  /** What of it a workspace may say, trusted or not. Left out: nothing. */
  readonly tightens?: (value: unknown) => boolean;
}

const flag: Field["read"] = (value, place) => place.flag(value);
const texts: Field["read"] = (value, place) => place.texts(value);
const isFalse = (value: unknown): boolean => value === false;
const always = (): boolean => true;

const fileFields: Readonly<Record<string, Field>> = {
  allowWrite: { read: texts },
  denyWrite: { read: texts, tightens: always },
  denyRead: { read: texts, tightens: always },
  allowRead: { read: texts },
};

const networkFields: Readonly<Record<string, Field>> = {
  enabled: { read: flag, tightens: isFalse },
  allowedDomains: { read: texts },
};

/** Of the public format, and meaning nothing here. */
const unusedNetworkKeys = [
  "allowAllUnixSockets",
  "allowLocalBinding",
  "allowMachLookup",
  "allowManagedDomainsOnly",
  "allowUnixSockets",
  "deniedDomains",
  "httpProxyPort",
  "socksProxyPort",
];
const unusedKeys = [
  "bwrapPath",
  "credentials",
  "enableWeakerNestedSandbox",
  "ignoreViolations",
  "ripgrep",
  "socatPath",
];

/** Of two names for one thing the one that counts stands last. */
const fields: Readonly<Record<string, Field>> = {
  enabled: { read: flag },
  failIfUnavailable: { read: flag, means: "required" },
  required: { read: flag },
  autoAllowBashIfSandboxed: { read: flag, means: "autoAllow", tightens: isFalse },
  autoAllow: { read: flag, tightens: isFalse },
  allowUnsandboxedCommands: { read: flag, tightens: isFalse },
  excludedCommands: { read: texts },
  filesystem: { read: (value, place) => readFields(value, place, fileFields), tightens: always },
  network: {
    read: (value, place) => readFields(value, place, networkFields, unusedNetworkKeys),
    tightens: always,
  },
  backend: { read: (value, place) => place.choice(value, ["platform", "sandbox-runtime"] as const) },
};

/** `sandbox`. A workspace can only tighten it, trusted or not: it decides what the guard itself lets through. */
export const sandboxSection: SettingsSection<SandboxSettings> = {
  key: "sandbox",
  keys: [
    "sandbox",
    ...Object.keys(fields).map((key) => `sandbox.${key}`),
    ...Object.keys(fileFields).map((key) => `sandbox.filesystem.${key}`),
    ...Object.keys(networkFields).map((key) => `sandbox.network.${key}`),
  ],
  scope: "anywhere",
  read: (value, place) => readFields(value, place, fields, unusedKeys),
  merge: mergeSandboxSettings,
};

function readFields(
  value: JsonValue,
  place: ValuePlace,
  known: Readonly<Record<string, Field>>,
  unused: readonly string[] = [],
): SandboxSettings | undefined {
  const given = place.object(value, Object.keys(known), unused);
  if (given === undefined) return undefined;
  const settings: Record<string, unknown> = {};
  for (const [key, { read, means = key, tightens }] of Object.entries(known)) {
    const own = given[key];
    const at = place.at(key);
    const found = own === undefined ? undefined : read(own, at);
    if (found === undefined) continue;
    if (place.file.inWorkspace && tightens?.(found) !== true)
      at.notUsed("A workspace can only tighten the sandbox.");
    else settings[means] = found;
  }
  // Each field was read as what the interface says it is.
  return settings as SandboxSettings;
}

/** Lists are joined; of the rest the stronger counts. */
export function mergeSandboxSettings(weaker: SandboxSettings, stronger: SandboxSettings): SandboxSettings {
  return joined(weaker, stronger) as SandboxSettings; // two of them, field by field
}

function joined(weaker: unknown, stronger: unknown): unknown {
  if (stronger === undefined) return weaker;
  if (Array.isArray(weaker) && Array.isArray(stronger)) return [...new Set([...weaker, ...stronger])];
  if (!isRecord(weaker) || !isRecord(stronger)) return stronger;
  const keys = new Set([...Object.keys(weaker), ...Object.keys(stronger)]);
  return Object.fromEntries([...keys].map((key) => [key, joined(weaker[key], stronger[key])]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
