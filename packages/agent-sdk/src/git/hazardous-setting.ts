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
  for (const { section, key } of settingsIn(config)) {
    if (dangerousKeys.some((each) => each.section.test(section) && each.key.test(key)))
      return `${section}.${key}`;
  }
  return undefined;
}

/** The folder of files that a configuration names, in place of the one around it. */
export function statedWorktree(config: string): string | undefined {
  return settingsIn(config).findLast(({ section, key }) => section === "core" && key === "worktree")?.value;
}

interface Setting {
  readonly section: string;
  readonly key: string;
  readonly value: string;
}

function settingsIn(config: string): readonly Setting[] {
  const settings: Setting[] = [];
  let section = "";
  for (const line of config.replace(/\\\r?\n/g, "").split(/\r?\n/)) {
    const header = /^\s*\[\s*([\w.-]+)\s*(?:"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    const rest = header ? line.slice(header[0].length) : line;
    if (header)
      section = [header[1]?.toLowerCase(), header[2]].filter((part) => part !== undefined).join(".");
    const [, key, value = ""] = /^\s*([A-Za-z][\w-]*)\s*(?:=\s*(.*?)\s*)?$/.exec(rest) ?? [];
    const name = key ?? /^\s*([A-Za-z][\w-]*)/.exec(rest)?.[1];
    if (name !== undefined) settings.push({ section, key: name.toLowerCase(), value });
  }
  return settings;
}
