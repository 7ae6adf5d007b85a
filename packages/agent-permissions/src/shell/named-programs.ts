import type { ShellWord } from "./shell-script.ts";

/** The command lines that flags of a program tell it to run: `tar -I PROGRAM`, `sort --compress-program=PROGRAM`. */
export function namedPrograms(name: string, words: readonly ShellWord[]): readonly string[] {
  if (editors.test(name)) return words.flatMap(({ literal = "" }) => inEditor.exec(literal)?.[1] ?? []);
  const table = programFlags.get(name);
  if (table === undefined) return [];
  return words.flatMap(({ literal = "" }, i) => {
    const attached = attachedTo(literal, table);
    return attached === "" ? (words[i + 1]?.literal ?? []) : (attached ?? []);
  });
}

interface ProgramFlags {
  /** Letters with the program as their value, also at the end of a bundle. */
  readonly letters?: RegExp;
  /** Long names, which may be abbreviated. */
  readonly long?: readonly string[];
}

/** What stands behind a flag in its own word; empty where the program is the next one. */
function attachedTo(text: string, { letters, long = [] }: ProgramFlags): string | undefined {
  const [, name, value = ""] = /^--([a-z-]{3,})(?:=(.*))?$/s.exec(text) ?? [];
  if (name !== undefined && long.some((each) => each.startsWith(name))) return value.replace(/^exec=/, "");
  return text.startsWith("--") ? undefined : letters?.exec(text)?.[1];
}

const tar: ProgramFlags = {
  letters: /^-\w*[IF](.*)$/s,
  long: [
    "use-compress-program",
    "to-command",
    "info-script",
    "new-volume-script",
    "rsh-command",
    "rmt-command",
    "checkpoint-action",
  ],
};

const copies: ProgramFlags = {
  letters: /^(?:-\w*S|(?:-\w*o)?\s*(?:ProxyCommand|KnownHostsCommand)[= ])(.*)$/is,
};

const search: ProgramFlags = { long: ["pager"] };

const found: ProgramFlags = { letters: /^-[^-e]*[xX]=?(.*)$/s, long: ["exec", "exec-batch"] };

const programFlags: ReadonlyMap<string, ProgramFlags> = new Map<string, ProgramFlags>([
  ["tar", tar],
  ["gtar", tar],
  ["bsdtar", tar],
  ["sort", { long: ["compress-program"] }],
  ["rg", { long: ["pre", "hostname-bin"] }],
  ["ag", search],
  ["ack", search],
  ["fd", found],
  ["fdfind", found],
  ["rsync", { letters: /^-\w*e(.*)$/s, long: ["rsh", "rsync-path"] }],
  ["scp", copies],
  ["sftp", copies],
  ["ssh", { letters: /^(?:-\w*o)?\s*(?:ProxyCommand|LocalCommand|KnownHostsCommand)[= ](.*)$/is }],
  ["man", { letters: /^-\w*[PH](.*)$/s, long: ["pager", "html"] }],
  ["nodemon", { letters: /^-x(.*)$/s, long: ["exec"] }],
  ["split", { long: ["filter"] }],
  ["install", { long: ["strip-program"] }],
  ["tcpdump", { letters: /^-\w*z(.*)$/s }],
  ["zip", { letters: /^-TT(.*)$/s, long: ["unzip-command"] }],
]);

/** `vim -c '!rm x'`, `less '+!rm x'`, `sqlite3 x '.shell rm x'`, `psql -c '\! rm x'`. */
const editors = /^(n?vim?|gvim|view|ex|less|more|gdb|sqlite3|psql|mysql)$/;
const inEditor = /^(?:-c|\+|:)*(?:silent!? )?(?:\\?!|\.(?:shell|system) |shell )\s*(.+)$/s;
