import type { ReadOnlyCommand } from "./read-only-command.ts";

const grep = {
  operands: "pattern",
  harmless: true,
  flags:
    "-i -v -w -x -c -l -L -n -h -H -o -q -s -b -r -E -F -G -P -a -I -T -z -Z -y --ignore-case --no-ignore-case --invert-match --word-regexp --line-regexp --count --files-with-matches --files-without-match --line-number --no-filename --with-filename --only-matching --quiet --silent --no-messages --byte-offset --recursive --extended-regexp --fixed-strings --basic-regexp --perl-regexp --text --initial-tab --null --null-data --line-buffered --color= --colour=",
  values:
    "-e -A -B -C -m -d -D --regexp --after-context --before-context --context --max-count --include --exclude --exclude-dir --label --binary-files --directories --devices",
  files: "-f --file --exclude-from",
  number: true,
  patternFlags: "-e --regexp -f --file",
  recursive: "-r --recursive -d --directories",
} as const;

const hash = {
  operands: "paths",
  harmless: true,
  flags: "-b -t -z --binary --text --tag --zero",
} as const;

const fd = {
  operands: "pattern",
  flags:
    "-H -I -u -s -i -F -g -p -a -l -0 -1 --hidden --no-ignore --no-ignore-vcs --unrestricted --case-sensitive --ignore-case --fixed-strings --glob --full-path --absolute-path --list-details --print0",
  values: "-e -t -d -E -S --extension --type --max-depth --min-depth --exact-depth --exclude --size --color",
  folder: true,
} as const;

/**
 * The programs that only read, each with the flags that leave it so. Those with a language of their own (`find`,
 * `sed`, `awk`, `test`, ...) have a reader beside this table; git has a table of its own.
 */
export const readOnlyPrograms: readonly ReadOnlyCommand[] = [
  // Files and folders
  {
    command: "ls",
    operands: "paths",
    namesOnly: true,
    harmless: true,
    folder: true,
    flags:
      "-a -A -b -B -c -C -d -f -F -g -G -h -i -k -l -m -n -N -o -p -q -Q -r -R -s -S -t -u -U -v -x -X -Z -1 --all --almost-all --author --escape --ignore-backups --directory --classify= --file-type --full-time --group-directories-first --no-group --human-readable --si --inode --kibibytes --numeric-uid-gid --literal --hide-control-chars --show-control-chars --quote-name --reverse --recursive --size --zero --color= --hyperlink=",
    values:
      "-I -w -T --ignore --hide --width --tabsize --sort --time --time-style --format --indicator-style --quoting-style --block-size",
  },
  {
    command: "tree",
    operands: "paths",
    namesOnly: true,
    folder: true,
    flags:
      "-a -d -f -i -s -h -p -u -g -D -F -C -n -r -t -v -J -X --dirsfirst --noreport --prune --gitignore --du --sort= --charset=",
    values: "-L -I -P",
  },
  { command: "fd", ...fd },
  { command: "fdfind", ...fd },
  { command: "pwd", flags: "-L -P" },
  {
    command: "stat",
    operands: "paths",
    namesOnly: true,
    harmless: true,
    flags: "-f -t -x --file-system --terse",
    values: "-c --format --printf",
  },
  {
    command: "file",
    operands: "paths",
    flags: "-b -i -N -r -s --brief --mime --mime-type --mime-encoding --no-pad",
  },
  {
    command: "du",
    operands: "paths",
    namesOnly: true,
    harmless: true,
    folder: true,
    flags:
      "-a -A -b -c -h -H -k -l -m -s -S -x -0 --all --apparent-size --bytes --total --human-readable --si --summarize --one-file-system --separate-dirs --null --time=",
    values: "-d -B -t --max-depth --block-size --threshold --exclude --time-style",
  },
  {
    command: "df",
    operands: "paths",
    namesOnly: true,
    harmless: true,
    flags:
      "-a -h -H -i -k -l -P -T --all --human-readable --si --inodes --local --portability --print-type --total",
    values: "-B -t -x --block-size --type --exclude-type",
  },
  { command: "basename", operands: "text", flags: "-a -z --multiple --zero", values: "-s --suffix" },
  { command: "dirname", operands: "text", flags: "-z --zero" },
  {
    command: "realpath",
    operands: "paths",
    namesOnly: true,
    harmless: true,
    flags:
      "-e -m -s -q -z -L -P --canonicalize-existing --canonicalize-missing --strip --no-symlinks --quiet --zero",
    values: "--relative-to --relative-base",
  },
  {
    command: "readlink",
    operands: "paths",
    namesOnly: true,
    harmless: true,
    flags: "-f -e -m -n -q -s -v -z --canonicalize --no-newline",
  },

  // What files hold
  {
    command: "cat",
    operands: "paths",
    harmless: true,
    flags:
      "-A -b -e -E -n -s -t -T -u -v --show-all --number-nonblank --show-ends --number --squeeze-blank --show-tabs --show-nonprinting",
  },
  {
    command: "tac",
    operands: "paths",
    harmless: true,
    flags: "-b -r --before --regex",
    values: "-s --separator",
  },
  { command: "nl", operands: "paths", harmless: true, flags: "-p", values: "-b -d -f -h -i -l -n -s -v -w" },
  { command: "rev", operands: "paths", harmless: true },
  {
    command: "head",
    operands: "paths",
    harmless: true,
    flags: "-q -v -z --quiet --silent --verbose --zero-terminated",
    values: "-n -c --lines --bytes",
    number: true,
  },
  {
    command: "tail",
    operands: "paths",
    harmless: true,
    flags: "-f -F -q -v -r -z --follow= --quiet --silent --verbose --retry --zero-terminated",
    values: "-n -c -s --lines --bytes --pid --sleep-interval",
    number: true,
  },
  {
    command: "wc",
    operands: "paths",
    harmless: true,
    flags: "-c -m -l -L -w --bytes --chars --lines --max-line-length --words --total=",
  },
  { command: "md5sum", ...hash },
  { command: "sha1sum", ...hash },
  { command: "sha224sum", ...hash },
  { command: "sha256sum", ...hash },
  { command: "sha384sum", ...hash },
  { command: "sha512sum", ...hash },
  { command: "b2sum", ...hash },
  { command: "shasum", operands: "paths", flags: "-b -t", values: "-a --algorithm" },
  { command: "cksum", operands: "paths" },
  { command: "sum", operands: "paths", flags: "-r -s" },
  {
    command: "od",
    operands: "paths",
    harmless: true,
    flags: "-a -b -c -d -o -s -x -v",
    values: "-A -j -N -t -w --address-radix --skip-bytes --read-bytes --format",
  },
  {
    command: "hexdump",
    operands: "paths",
    harmless: true,
    flags: "-b -c -C -d -o -x -v",
    values: "-n -s -e",
  },
  // A second operand is written to, and so is the target of `-r`.
  {
    command: "xxd",
    operands: "paths",
    most: 1,
    inOrder: true,
    flags: "-a -b -e -E -i -p -ps -u",
    values: "-c -g -l -s -len -seek -cols",
  },
  {
    command: "strings",
    operands: "paths",
    // `@FILE` stands for the words in a file.
    operand: "^[^@]",
    harmless: true,
    flags: "-a -f -o --all --print-file-name",
    values: "-n -t -e --bytes --radix --encoding",
  },
  {
    command: "base64",
    operands: "paths",
    most: 1,
    flags: "-d -D --decode --ignore-garbage",
    values: "-w --wrap",
  },
  { command: "zcat", operands: "paths" },
  { command: "gzip", operands: "paths", needs: "-l --list", flags: "-l -v --list --verbose" },
  { command: "unzip", operands: "paths", most: 1, needs: "-l -Z", flags: "-l -v -q -Z -1" },
  { command: "zipinfo", operands: "paths", most: 1, flags: "-1 -l -s -m -v -h -t" },

  // Searching and comparing
  { command: "grep", ...grep },
  { command: "egrep", ...grep },
  { command: "fgrep", ...grep },
  {
    command: "rg",
    operands: "pattern",
    flags:
      "-i -s -S -v -w -x -c -l -n -N -o -q -a -p -u -uu -uuu -F -P -U -H -I -0 -. --ignore-case --case-sensitive --smart-case --invert-match --word-regexp --line-regexp --count --count-matches --files-with-matches --files-without-match --line-number --no-line-number --only-matching --quiet --text --pretty --unrestricted --fixed-strings --pcre2 --multiline --multiline-dotall --with-filename --no-filename --null --hidden --no-hidden --no-ignore --no-ignore-vcs --no-ignore-parent --no-config --no-messages --heading --no-heading --json --stats --trim --vimgrep --column --no-column --files --type-list --line-buffered --passthru --crlf --glob-case-insensitive --one-file-system --version -V",
    values:
      "-e -g -t -T -A -B -C -m -j -M -r -d -E --regexp --glob --iglob --type --type-not --type-add --after-context --before-context --context --max-count --threads --max-columns --max-depth --max-filesize --replace --color --colors --sort --sortr --encoding --engine --context-separator",
    files: "-f --file --ignore-file",
    patternFlags: "-e --regexp -f --file --files --type-list --version -V",
    recursive: "always",
  },
  {
    command: "diff",
    operands: "paths",
    most: 2,
    filesOnly: true,
    recursive: "-r --recursive",
    flags:
      "-r -N --recursive --new-file --no-dereference -q -s -c -u -e -n -y -t -p -i -E -Z -b -w -B -a -d --brief --report-identical-files --context= --unified= --side-by-side --left-column --suppress-common-lines --show-c-function --expand-tabs --ignore-case --ignore-all-space --ignore-space-change --ignore-blank-lines --ignore-trailing-space --text --strip-trailing-cr --minimal --speed-large-files --color= --normal",
    values: "-C -U -W -I --width --label --horizon-lines --tabsize --ignore-matching-lines",
  },
  {
    command: "cmp",
    operands: "paths",
    most: 4,
    flags: "-b -l -s --print-bytes --verbose --quiet --silent",
    values: "-n -i --bytes --ignore-initial",
  },
  {
    command: "comm",
    operands: "paths",
    most: 2,
    flags: "-1 -2 -3 -i -z --check-order --nocheck-order --total",
    values: "--output-delimiter",
  },
  { command: "join", operands: "paths", most: 2, flags: "-i -z", values: "-1 -2 -j -t -o -a -v -e" },

  // Reshaping text
  {
    command: "cut",
    operands: "paths",
    harmless: true,
    flags: "-n -s -z --complement --only-delimited --zero-terminated",
    values: "-b -c -d -f --bytes --characters --delimiter --fields --output-delimiter",
  },
  { command: "column", operands: "paths", flags: "-t -x -n -e", values: "-s -c -o -N" },
  { command: "paste", operands: "paths", harmless: true, flags: "-s -z --serial", values: "-d --delimiters" },
  { command: "fold", operands: "paths", harmless: true, flags: "-b -s", values: "-w" },
  { command: "fmt", operands: "paths", flags: "-c -s -t -u", values: "-w -g", number: true },
  { command: "expand", operands: "paths", harmless: true, flags: "-i", values: "-t" },
  { command: "unexpand", operands: "paths", harmless: true, flags: "-a", values: "-t" },
  {
    command: "sort",
    operands: "paths",
    flags:
      "-b -d -f -g -h -i -M -n -R -r -V -c -C -m -s -u -z --ignore-leading-blanks --dictionary-order --ignore-case --general-numeric-sort --human-numeric-sort --month-sort --numeric-sort --random-sort --reverse --version-sort --check= --merge --stable --unique --zero-terminated --debug",
    values: "-k -t --key --field-separator --sort --parallel",
  },
  // The second operand is the file that it writes.
  {
    command: "uniq",
    operands: "paths",
    most: 1,
    inOrder: true,
    flags:
      "-c -d -D -i -u -z --count --repeated --all-repeated= --ignore-case --unique --zero-terminated --group=",
    values: "-f -s -w --skip-fields --skip-chars --check-chars",
  },
  { command: "shuf", operands: "paths", most: 1, flags: "-r -z", values: "-n -i --head-count --input-range" },
  // What keeps nothing of what it is given.
  { command: "tee", operands: "text", operand: "^/dev/(null|stdout|stderr)$", flags: "-a -i" },
  {
    command: "tr",
    operands: "text",
    flags: "-c -C -d -s -t --complement --delete --squeeze-repeats --truncate-set1",
  },
  { command: "iconv", operands: "paths", flags: "-c -l", values: "-f -t --from-code --to-code" },
  { command: "bc", operands: "paths", flags: "-l -q" },
  // Its program may ask for the environment and for modules.
  {
    command: "jq",
    operands: "pattern",
    operand: String.raw`^(?!.*(?<![.\w])(?:env|input_filename)\b)(?!.*(?:\$ENV|\$__|\b(?:import|include|modulemeta|get_search_list)\b))`,
    flags:
      "-r -c -s -n -e -S -j -a -C -M --raw-output --compact-output --slurp --null-input --exit-status --sort-keys --join-output --ascii-output --color-output --monochrome-output --tab --raw-input -R --stream --seq",
    values: "--indent",
    pairs: "--arg --argjson",
  },

  // Text, numbers and time
  { command: "seq", operands: "text", flags: "-w --equal-width", values: "-s -f --separator --format" },
  { command: "expr", operands: "text" },
  { command: "factor", operands: "text" },
  { command: "sleep", operands: "text", operand: String.raw`^\d+(\.\d+)?[smhd]?$` },
  {
    command: "date",
    operands: "text",
    operand: String.raw`^\+`,
    flags: "-u -R -I= --utc --universal --rfc-email --iso-8601= --rfc-3339=",
    values: "-d --date",
    files: "-r --reference",
  },
  { command: "cal", operands: "text", operand: String.raw`^\d+$`, flags: "-1 -3 -y -m -s" },

  // The shell itself
  { command: "true", operands: "text" },
  { command: "false", operands: "text" },
  { command: ":", operands: "text" },
  { command: "break", operands: "text", operand: String.raw`^\d+$` },
  { command: "continue", operands: "text", operand: String.raw`^\d+$` },
  { command: "exit", operands: "text", operand: String.raw`^\d+$` },
  { command: "wait", operands: "text", operand: String.raw`^\d+$` },
  { command: "jobs", flags: "-l -p" },
  { command: "help", operands: "text", flags: "-d -m -s" },
  { command: "which", operands: "text", flags: "-a -s" },
  { command: "whereis", operands: "text", flags: "-b -m -s" },
  { command: "type", operands: "text", flags: "-a -f -p -P -t" },
  { command: "clear" },
  { command: "tput", operands: "text", operand: "^(cols|lines|colors)$" },
  { command: "locale", flags: "-a -m" },

  // The machine
  {
    command: "uname",
    flags:
      "-a -s -n -r -v -m -p -i -o --all --kernel-name --nodename --kernel-release --machine --operating-system",
  },
  { command: "arch" },
  { command: "nproc", flags: "--all" },
  { command: "lscpu" },
  { command: "getconf", operands: "text", operand: "^[A-Z_]+$" },
  { command: "uptime", flags: "-p -s" },
  { command: "free", flags: "-b -k -m -g -h -t -w --human --total" },
  { command: "vmstat", operands: "text", operand: String.raw`^\d{1,3}$`, flags: "-s -w" },
  { command: "whoami" },
  { command: "id", operands: "text", flags: "-u -g -G -n -r --user --group --groups --name --real" },
  { command: "groups", operands: "text" },
  { command: "logname" },
  { command: "tty", flags: "-s" },
  { command: "who", flags: "-a -b -H -q" },
  { command: "w", flags: "-h -s" },
  { command: "hostname", flags: "-s -f -i -I --short --fqdn" },
  // The letter `e` of `ps` would tell the variables of other programs.
  {
    command: "ps",
    operands: "text",
    operand: String.raw`^[afhjlmrTuwx]+$|^\d+$`,
    flags: "-A -a -d -e -f -F -l -j -H -L -T -u= -w -x --forest --no-headers",
    values: "-o -p -C -G -U -t --sort --pid --ppid --user --format",
  },
  {
    command: "pgrep",
    operands: "text",
    flags: "-a -c -f -i -l -n -o -v -x --full --list-name --list-full",
    values: "-u -U -g -P -t",
  },
  { command: "top", needs: "-b", flags: "-b -c -H -i", values: "-n -d -o -p -u -w" },
  { command: "pidof", operands: "text", flags: "-s -x" },
  {
    command: "lsof",
    operands: "text",
    operand: String.raw`^(tcp|udp)?:[\d,-]+$`,
    flags: "-a -l -n -P -t -w -i=",
    values: "-p -u -c -s",
  },
  { command: "ss", flags: "-4 -6 -a -e -H -i -l -m -n -o -p -s -t -u -x" },
  { command: "netstat", flags: "-4 -6 -a -i -l -n -p -r -s -t -u" },
];
