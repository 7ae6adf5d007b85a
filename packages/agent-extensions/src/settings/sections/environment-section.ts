import type { JsonValue } from "@claw/agent-core";
import type { SettingsSection } from "../settings-section.ts";
import type { ValuePlace } from "../value-place.ts";

/** `env`: variables for the programs that tools start. */
export const environmentSection: SettingsSection<Readonly<Record<string, string>>> = {
  key: "env",
  keys: ["env"],
  scope: "trusted",
  read,
  merge: (weaker, stronger) => ({ ...weaker, ...stronger }),
};

function read(value: JsonValue, place: ValuePlace): Readonly<Record<string, string>> | undefined {
  const given = place.object(value);
  if (given === undefined) return undefined;
  const variables: [string, string][] = [];
  for (const [name, text] of Object.entries(given)) {
    const at = place.at(name);
    const read = at.text(text);
    if (read === undefined) continue;
    if (!/^[A-Za-z_]\w*$/.test(name)) at.invalid("is no name of a variable");
    else if (place.file.inWorkspace && choosesPrograms(name)) {
      at.notUsed("A workspace may not choose which programs run.");
    } else variables.push([name, read]);
  }
  return Object.fromEntries(variables);
}

/** Variables by which a name comes to mean another program, or a program reads other settings of the user's. */
function choosesPrograms(name: string): boolean {
  return (
    /^(PATH|HOME|SHELL|IFS|XDG_CONFIG_HOME|(LD|DYLD|GIT|SSH|CLAW)_.*|.*_ASKPASS)$/i.test(name) ||
    extensions.test(name)
  );
}

/** With these, programs that are known to only read run what a file says: `rg`, `tar`, `iconv`, `docker`, ... */
const extensions =
  /^(RIPGREP_CONFIG_PATH|TAR_OPTIONS|GCONV_PATH|LOCPATH|TERMINFO(_DIRS)?|MAGIC|OPENSSL_.*|DOCKER_.*|PERL5(OPT|LIB|DB)|RUBY(OPT|LIB)|_?(JAVA_TOOL|JDK_JAVA|JAVA)_OPTIONS|LESS(OPEN|CLOSE)|AWK(LIB)?PATH|POSIXLY_CORRECT)$/i;
