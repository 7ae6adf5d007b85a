/**
 * Git's settings from the environment, with those of a repository neutralised that run a program on a mere read
 * (`git status`, `git log`). Settings that are there already are kept, except headers and helpers that carry
 * credentials; ours come last and win.
 *
 * It does not reach `diff.external` (git cannot unset it: an empty value makes every `git diff` fail), `*.textconv`,
 * filters, hooks, aliases or submodules: a repository that is not trusted stays that, and is for permissions to judge.
 */
export function gitEnvironment(inherited: Readonly<Record<string, string>>): Record<string, string> {
  const settings = [...inheritedSettings(inherited), ...neutral];
  const environment: Record<string, string> = { GIT_CONFIG_COUNT: String(settings.length) };
  for (const [index, [key, value]] of settings.entries()) {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return environment;
}

type Setting = readonly [key: string, value: string];

const neutral: readonly Setting[] = [
  ["core.fsmonitor", "false"],
  ["core.pager", "cat"],
  // Or `gpg.program` would be run on each signed commit that a log shows.
  ["log.showSignature", "false"],
];

const mostSettings = 1000;

function inheritedSettings(environment: Readonly<Record<string, string>>): readonly Setting[] {
  const stated = Number(environment["GIT_CONFIG_COUNT"] ?? "0");
  const count = Number.isInteger(stated) ? Math.min(stated, mostSettings) : 0;
  const settings: Setting[] = [];
  for (let index = 0; index < count; index += 1) {
    const key = environment[`GIT_CONFIG_KEY_${index}`];
    const value = environment[`GIT_CONFIG_VALUE_${index}`];
    if (key === undefined || value === undefined || carriesCredentials(key)) continue;
    settings.push([key, value]);
  }
  return settings;
}

function carriesCredentials(key: string): boolean {
  return /\.extraheader$|^credential\.|\.proxy$/i.test(key);
}
