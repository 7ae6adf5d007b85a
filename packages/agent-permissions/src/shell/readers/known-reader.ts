import type { ShellWord } from "../shell-script.ts";
import { findReader } from "./find-reader.ts";
import { gitReader } from "./git-reader.ts";
import { type Reading, reads, unproven } from "./reading.ts";
import { sedReader } from "./sed-reader.ts";
import { type Reader, reader } from "./simple-reader.ts";

/**
 * What a program call does, for the programs that are known to only read. The name must be bare (a path may lead to
 * another program), and every flag must be on the program's list.
 */
export function knownReader(words: readonly ShellWord[]): Reading {
  const [head, ...rest] = words;
  const name = head?.literal;
  if (name === undefined) return unproven("which program it runs is not known");
  const known = readers.get(name);
  if (known !== undefined) return known(rest);
  const asksVersion = rest.length === 1 && /^(--version|-v|-V)$/.test(rest[0]?.literal ?? "");
  return asksVersion && tellsVersion.has(name) ? reads([]) : unproven();
}

const hashes = reader("paths", { harmless: true, flags: "-b -t -z --binary --text --tag --zero" });
const grep = reader("pattern", {
  harmless: true,
  flags:
    "-i -v -w -x -c -l -L -n -h -H -o -q -s -b -r -E -F -G -P -a -I -T -z -Z -y --ignore-case --no-ignore-case --invert-match --word-regexp --line-regexp --count --files-with-matches --files-without-match --line-number --no-filename --with-filename --only-matching --quiet --silent --no-messages --byte-offset --recursive --extended-regexp --fixed-strings --basic-regexp --perl-regexp --text --initial-tab --null --null-data --line-buffered --color= --colour=",
  values:
    "-e -A -B -C -m -d -D --regexp --after-context --before-context --context --max-count --include --exclude --exclude-dir --label --binary-files --directories --devices",
  files: "-f --file --exclude-from",
  number: true,
  patternFlags: "-e --regexp -f --file",
  recursive: "-r --recursive -d --directories",
});
/** Words that `test` would evaluate (`-v 'a[$(x)]'`) are not among these. */
const test = reader("text", { operand: /^(?!-[vR]$)[^[$`]*$/ });

function testReader(closing: string | undefined): Reader {
  return (words) => {
    const inner = closing === undefined ? words : words.slice(0, -1);
    if (closing !== undefined && words.at(-1)?.literal !== closing) return unproven("it is not closed");
    // Its operators look like flags, so that they are handed over as operands.
    return test([{ text: "--", literal: "--" }, ...inner]);
  };
}

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [
    "ls",
    reader("paths", {
      harmless: true,
      flags:
        "-a -A -b -B -c -C -d -f -F -g -G -h -i -k -l -m -n -N -o -p -q -Q -r -R -s -S -t -u -U -v -x -X -Z -1 --all --almost-all --author --escape --ignore-backups --directory --classify= --file-type --full-time --group-directories-first --no-group --human-readable --si --inode --kibibytes --numeric-uid-gid --literal --hide-control-chars --show-control-chars --quote-name --reverse --recursive --size --zero --color= --hyperlink=",
      values:
        "-I -w -T --ignore --hide --width --tabsize --sort --time --time-style --format --indicator-style --quoting-style --block-size",
      folder: true,
    }),
  ],
  [
    "cat",
    reader("paths", {
      harmless: true,
      flags:
        "-A -b -e -E -n -s -t -T -u -v --show-all --number-nonblank --show-ends --number --squeeze-blank --show-tabs --show-nonprinting",
    }),
  ],
  ["tac", reader("paths", { harmless: true, flags: "-b -r --before --regex", values: "-s --separator" })],
  ["nl", reader("paths", { harmless: true, flags: "-p", values: "-b -d -f -h -i -l -n -s -v -w" })],
  ["rev", reader("paths", { harmless: true })],
  ["pwd", reader("none", { flags: "-L -P" })],
  ["echo", echoReader],
  ["printf", printfReader],
  [
    "head",
    reader("paths", {
      harmless: true,
      flags: "-q -v -z --quiet --silent --verbose --zero-terminated",
      values: "-n -c --lines --bytes",
      number: true,
    }),
  ],
  [
    "tail",
    reader("paths", {
      harmless: true,
      flags: "-f -F -q -v -z --follow= --quiet --silent --verbose --retry --zero-terminated",
      values: "-n -c -s --lines --bytes --pid --sleep-interval",
      number: true,
    }),
  ],
  [
    "wc",
    reader("paths", {
      harmless: true,
      flags: "-c -m -l -L -w --bytes --chars --lines --max-line-length --words --total=",
    }),
  ],
  ["grep", grep],
  ["egrep", grep],
  ["fgrep", grep],
  [
    "rg",
    reader("pattern", {
      flags:
        "-i -s -S -v -w -x -c -l -n -N -o -q -a -p -u -uu -uuu -F -P -U -H -I -0 -. --ignore-case --case-sensitive --smart-case --invert-match --word-regexp --line-regexp --count --count-matches --files-with-matches --files-without-match --line-number --no-line-number --only-matching --quiet --text --pretty --unrestricted --fixed-strings --pcre2 --multiline --multiline-dotall --with-filename --no-filename --null --hidden --no-hidden --no-ignore --no-ignore-vcs --no-ignore-parent --no-config --no-messages --heading --no-heading --json --stats --trim --vimgrep --column --no-column --files --type-list --line-buffered --passthru --crlf --glob-case-insensitive --one-file-system --version -V",
      values:
        "-e -g -t -T -A -B -C -m -j -M -r -d -E --regexp --glob --iglob --type --type-not --after-context --before-context --context --max-count --threads --max-columns --max-depth --max-filesize --replace --color --colors --sort --sortr --encoding --engine --context-separator",
      files: "-f --file --ignore-file",
      patternFlags: "-e --regexp -f --file --files --type-list --version -V",
      recursive: "always",
    }),
  ],
  ["find", findReader],
  ["sed", sedReader],
  ["git", gitReader],
  [
    "stat",
    reader("paths", {
      harmless: true,
      flags: "-f -t -x --file-system --terse",
      values: "-c --format --printf",
    }),
  ],
  ["file", reader("paths", { flags: "-b -i -N -r -s --brief --mime --mime-type --mime-encoding --no-pad" })],
  [
    "du",
    reader("paths", {
      harmless: true,
      flags:
        "-a -A -b -c -h -H -k -l -m -s -S -x -0 --all --apparent-size --bytes --total --human-readable --si --summarize --one-file-system --separate-dirs --null --time=",
      values: "-d -B -t --max-depth --block-size --threshold --exclude --time-style",
      folder: true,
    }),
  ],
  [
    "df",
    reader("paths", {
      harmless: true,
      flags:
        "-a -h -H -i -k -l -P -T --all --human-readable --si --inodes --local --portability --print-type --total",
      values: "-B -t -x --block-size --type --exclude-type",
    }),
  ],
  [
    "tree",
    reader("paths", {
      flags:
        "-a -d -f -i -s -h -p -u -g -D -F -C -n -r -t -v -J -X --dirsfirst --noreport --prune --gitignore --du --sort= --charset=",
      values: "-L -I -P",
      folder: true,
    }),
  ],
  [
    "diff",
    reader("paths", {
      flags:
        "-q -s -c -u -e -n -y -t -p -i -E -Z -b -w -B -a -d --brief --report-identical-files --context= --unified= --side-by-side --left-column --suppress-common-lines --show-c-function --expand-tabs --ignore-case --ignore-all-space --ignore-space-change --ignore-blank-lines --ignore-trailing-space --text --strip-trailing-cr --minimal --speed-large-files --color= --normal",
      values: "-C -U -W -I --width --label --horizon-lines --tabsize --ignore-matching-lines",
      filesOnly: true,
      most: 2,
    }),
  ],
  [
    "cmp",
    reader("paths", {
      flags: "-b -l -s --print-bytes --verbose --quiet --silent",
      values: "-n -i --bytes --ignore-initial",
      most: 4,
    }),
  ],
  [
    "comm",
    reader("paths", {
      flags: "-1 -2 -3 -i -z --check-order --nocheck-order --total",
      values: "--output-delimiter",
      most: 2,
    }),
  ],
  [
    "cut",
    reader("paths", {
      harmless: true,
      flags: "-n -s -z --complement --only-delimited --zero-terminated",
      values: "-b -c -d -f --bytes --characters --delimiter --fields --output-delimiter",
    }),
  ],
  ["column", reader("paths", { flags: "-t -x -n -e", values: "-s -c -o -N" })],
  ["paste", reader("paths", { harmless: true, flags: "-s -z --serial", values: "-d --delimiters" })],
  ["fold", reader("paths", { harmless: true, flags: "-b -s", values: "-w" })],
  ["expand", reader("paths", { harmless: true, flags: "-i", values: "-t" })],
  [
    "sort",
    reader("paths", {
      flags:
        "-b -d -f -g -h -i -M -n -R -r -V -c -C -m -s -u -z --ignore-leading-blanks --dictionary-order --ignore-case --general-numeric-sort --human-numeric-sort --month-sort --numeric-sort --random-sort --reverse --version-sort --check= --merge --stable --unique --zero-terminated --debug",
      values: "-k -t --key --field-separator --sort --parallel",
    }),
  ],
  [
    "uniq",
    reader("paths", {
      flags:
        "-c -d -D -i -u -z --count --repeated --all-repeated= --ignore-case --unique --zero-terminated --group=",
      values: "-f -s -w --skip-fields --skip-chars --check-chars",
      most: 1,
    }),
  ],
  ["tr", reader("text", { flags: "-c -C -d -s -t --complement --delete --squeeze-repeats --truncate-set1" })],
  ["which", reader("text", { flags: "-a -s" })],
  ["type", reader("text", { flags: "-a -f -p -P -t" })],
  // Behind `-v` nothing runs; without it `command` is a wrapper.
  [
    "command",
    ([flag, ...names]) => (flag?.literal === "-v" || flag?.literal === "-V" ? namesOnly(names) : unproven()),
  ],
  [
    "date",
    reader("text", {
      flags: "-u -R -I= --utc --universal --rfc-email --iso-8601= --rfc-3339=",
      values: "-d --date",
      files: "-r --reference",
      operand: /^\+/,
    }),
  ],
  ["true", reader("text")],
  ["false", reader("text")],
  [":", reader("text")],
  ["test", testReader(undefined)],
  ["[", testReader("]")],
  ["sleep", reader("text", { operand: /^\d+(\.\d+)?[smhd]?$/ })],
  ["seq", reader("text", { flags: "-w --equal-width", values: "-s -f --separator --format" })],
  ["basename", reader("text", { flags: "-a -z --multiple --zero", values: "-s --suffix" })],
  ["dirname", reader("text", { flags: "-z --zero" })],
  [
    "realpath",
    reader("paths", {
      harmless: true,
      flags:
        "-e -m -s -q -z -L -P --canonicalize-existing --canonicalize-missing --strip --no-symlinks --quiet --zero",
      values: "--relative-to --relative-base",
    }),
  ],
  [
    "readlink",
    reader("paths", { harmless: true, flags: "-f -e -m -n -q -s -v -z --canonicalize --no-newline" }),
  ],
  ["md5sum", hashes],
  ["sha1sum", hashes],
  ["sha256sum", hashes],
  ["sha512sum", hashes],
  ["cksum", reader("paths")],
  [
    "od",
    reader("paths", {
      harmless: true,
      flags: "-a -b -c -d -o -s -x -v",
      values: "-A -j -N -t -w --address-radix --skip-bytes --read-bytes --format",
    }),
  ],
  ["hexdump", reader("paths", { harmless: true, flags: "-b -c -C -d -o -x -v", values: "-n -s" })],
  [
    "strings",
    reader("paths", {
      harmless: true,
      flags: "-a -f -o --all --print-file-name",
      values: "-n -t -e --bytes --radix --encoding",
    }),
  ],
  [
    "uname",
    reader("none", {
      flags:
        "-a -s -n -r -v -m -p -i -o --all --kernel-name --nodename --kernel-release --machine --operating-system",
    }),
  ],
  ["whoami", reader("none")],
  ["id", reader("text", { flags: "-u -g -G -n -r --user --group --groups --name --real" })],
  ["hostname", reader("none", { flags: "-s -f -i -I --short --fqdn" })],
  ["nproc", reader("none", { flags: "--all" })],
  ["uptime", reader("none", { flags: "-p -s" })],
  ["free", reader("none", { flags: "-b -k -m -g -h -t -w --human --total" })],
]);

/** Programs that tell their version and do nothing else. */
const tellsVersion: ReadonlySet<string> = new Set(
  "node npm pnpm yarn bun deno python python3 pip pip3 ruby go cargo rustc java javac gcc g++ clang make cmake git docker bash tsc rg perl php".split(
    " ",
  ),
);

const namesOnly = reader("text");

/** Anything that is no flag of `echo` is text to it. */
function echoReader(words: readonly ShellWord[]): Reading {
  return namesOnly([{ text: "--", literal: "--" }, ...words.map(asText)]);
}

/** What a command that may run prints may be printed again. */
function asText(word: ShellWord): ShellWord {
  return word.output === true ? { text: word.text, number: true } : word;
}

function printfReader(words: readonly ShellWord[]): Reading {
  const first = words[0]?.literal;
  if (first === undefined) return unproven("its format is not known");
  if (first.startsWith("-") && first !== "--") return unproven(`nothing is known about \`${first}\``);
  return namesOnly([{ text: "--", literal: "--" }, ...words.map(asText)]);
}
