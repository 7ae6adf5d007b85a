import type { Settings } from "../settings/settings.ts";
import type { Hook } from "./hook.ts";
import { disableAllHooksSection, disabledHooksSection, managedHooksOnlySection } from "./hook-switches.ts";
import { hooksSection } from "./hooks-section.ts";

/** A hook, and why it is not called, if it is not. */
export interface ConfiguredHook {
  readonly hook: Hook;
  readonly off?: string;
}

/** Every hook of the settings and those that others bring, in the order in which they are heard. */
export function configuredHooks(
  settings: Settings,
  further: readonly Hook[] = [],
): readonly ConfiguredHook[] {
  const written = settings
    .entries(hooksSection)
    .flatMap(({ layer, value }) =>
      value.map((hook): Hook => ({ ...hook, source: layer.name, isManaged: layer.scope === "managed" })),
    );
  const whyOff = whyHookIsOff(settings);
  return [...written, ...further].map((hook) => {
    const off = whyOff(hook);
    return off === undefined ? { hook } : { hook, off };
  });
}

/** Tells why the settings switch a hook off; `undefined`: they do not. */
export function whyHookIsOff(settings: Settings): (hook: Hook) => string | undefined {
  const disabled = new Set(settings.get(disabledHooksSection));
  const managedOnly = settings.get(managedHooksOnlySection) === true;
  const allOff = settings.get(disableAllHooksSection) === true;
  const managedOff = settings
    .entries(disableAllHooksSection)
    .some(({ layer, value }) => value && layer.scope === "managed");

  return ({ name, isManaged, handler }) => {
    if (managedOff) return "managed settings switch all hooks off";
    if (isManaged) return undefined;
    if (allOff) return "settings switch all hooks off";
    if (disabled.has(name)) return "it is switched off by name";
    return managedOnly && handler.type !== "function" ? "only managed hooks run here" : undefined;
  };
}
