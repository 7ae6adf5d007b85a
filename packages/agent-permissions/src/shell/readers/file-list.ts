import { mayBeCredentialName } from "../../paths/credential-name.ts";
import { anything } from "../../rules/wildcard.ts";
import type { ShellWord } from "../shell-script.ts";
import type { Reader } from "./reader.ts";
import { type Reading, reads, unproven } from "./reading.ts";

/** Files that one program finds and another is given. */
export interface FileList {
  /** The folders that they lie below, with which each name begins; none for the folder it runs in. */
  readonly starts: readonly ShellWord[];
  /** One of these patterns fits the name of each; absent where nothing is known. */
  readonly names?: readonly string[];
  /** No link is among them. */
  readonly regular: boolean;
  /** Nothing below folders of these names is among them; `./x` is one in the folder that is a start. */
  readonly skips?: readonly string[];
  /** Each stays one argument, whatever its name holds. */
  readonly whole: boolean;
}

/** Stands for the files of a list in a call. */
export const listedFiles: ShellWord = { text: "{}" };

/** What a call does that is given the files of a list where `listedFiles` stands. */
export function listReading(call: readonly ShellWord[], files: FileList, known: Reader): Reading {
  const { starts, names = ["*"], regular, whole, skips = [] } = files;
  const odd = starts.find((start) => !isPlainStart(start));
  if (odd !== undefined) return unproven(`\`${odd.text}\` may become something else than a path`);
  const name = call[0]?.literal ?? "";
  if (name === "git" || name === "find" || name === "xargs") return unproven(`it runs \`${name}\``);
  const file: ShellWord = { text: "{}", glob: starts.length === 0 ? anything : `./${anything}` };
  const reading = known(call.map((word) => (word === listedFiles ? file : word)));
  if (reading.type === "unproven")
    return reading.reason === undefined ? unproven(`it runs \`${name}\``) : reading;
  const { paths, folder, namesOnly } = reading.reads;
  // A flag behind the files may be one more of them.
  const late = paths.filter(({ literal }) => literal?.startsWith("-") === true);
  if (folder || paths.some((path) => path !== file && !late.includes(path)))
    return unproven(`it runs \`${name}\` on more than these files`);
  const isText = printers.has(name);
  if (!paths.includes(file) && !isText) return unproven(`it runs \`${name}\``);
  const shows = !isText && !namesOnly && !quiet.has(name);
  if (shows && names.some(mayBeCredentialName)) return unproven("it may show files that hold secrets");
  return reads([...starts, ...late], {
    folder: starts.length === 0,
    recursive: !isText && !namesOnly,
    followsLinks: !isText && !regular,
    splitsNames: !isText && !whole,
    skips,
  });
}

/** Nothing that a program reads as a flag, an assignment, an address or a list of files. */
function isPlainStart({ literal, glob }: ShellWord): boolean {
  return /^[\w./][^=:@]*$/.test((literal ?? glob ?? "").replaceAll(anything, ""));
}

/** Programs to which the name of a file is text. */
export const printers: ReadonlySet<string> = new Set("echo basename dirname".split(" "));

/** Programs that tell about a file, or show lines that are searched for, but not what it holds. */
const quiet: ReadonlySet<string> = new Set(
  "grep egrep fgrep rg wc file cmp md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum shasum cksum sum".split(
    " ",
  ),
);
