import { gitSettings } from "./git-settings.ts";

const dangerousKeys: readonly { readonly section: RegExp; readonly key: RegExp }[] = [
  { section: /^diff$/, key: /^external$/ },
  { section: /^diff\./, key: /^(textconv|command)$/ },
  { section: /^filter\./, key: /^(clean|smudge|process)$/ },
  { section: /^core$/, key: /^(sshcommand|hookspath|gitproxy|askpass|editor|alternaterefscommand)$/ },
  { section: /^gpg/, key: /^program$/ },
  { section: /^alias/, key: /./ },
  { section: /^include/, key: /^path$/ },
  { section: /^credential/, key: /^helper$/ },
  // In a clone without all objects, reading asks the other side for them.
  { section: /^remote\./, key: /^(uploadpack|vcs)$/ },
  { section: /^protocol/, key: /./ },
];

/** A setting in a configuration that makes git run a program although it only reads. */
export function hazardousSetting(config: string): string | undefined {
  for (const { section, key } of gitSettings(config)) {
    if (dangerousKeys.some((each) => each.section.test(section) && each.key.test(key)))
      return `${section}.${key}`;
  }
  return undefined;
}

/** The folder of files that a configuration names, in place of the one around it. */
export function statedWorktree(config: string): string | undefined {
  return gitSettings(config).findLast(({ section, key }) => section === "core" && key === "worktree")?.value;
}
