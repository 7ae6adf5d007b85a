import { anything } from "../../rules/wildcard.ts";
import { literalWord, type ShellWord } from "../shell-script.ts";
import { fitsName } from "./fits-name.ts";
import type { TreeWalk } from "./tree-walk.ts";
import { walkerArguments } from "./walker-arguments.ts";

/** `tar cf x.tar .`: what is put into an archive. */
export function tarWalk(words: readonly ShellWord[]): TreeWalk | undefined {
  const [first, ...rest] = words;
  // In the old style the flags have no dash, and their values are the words that come next.
  const isOldStyle = first?.literal !== undefined && /^[A-Za-z]+$/.test(first.literal);
  const letters = isOldStyle ? literalWord(`-${first.literal}`) : first;
  const given = walkerArguments(
    letters === undefined ? [] : [letters, ...rest],
    isOldStyle ? oldValues : values,
  );
  const { flags, operands } = given;
  if (!makes.some((flag) => flags.has(flag))) return undefined;
  const folders = [...new Set([...(flags.get("-C") ?? []), ...(flags.get("--directory") ?? [])])];
  const out = [...(flags.get("--exclude") ?? [])];
  // What it leaves out is so from there on, and may be read as a path.
  const isPlain = ![...flags.keys()].some((flag) =>
    /^(--(no-)?(anchored|wildcards|ignore)|-X|-T|--exclude-from)/.test(flag),
  );
  // The names in a list may be any below.
  const isListed = ["-T", "--files-from"].some((flag) => flags.has(flag));
  const listed = isListed ? (folders.length === 0 ? ["."] : folders).map(folderWord) : [];
  const firstOperand = words.indexOf(operands[0] ?? literalWord(""));
  const isBefore =
    words.findLastIndex(({ literal }) => literal?.startsWith("--exclude") === true) < firstOperand;
  return {
    starts: [...(folders.length === 0 ? operands : placed(operands, folders)), ...listed],
    skipsHidden: false,
    followsLinks: flags.has("-h") || flags.has("--dereference"),
    opens: listed.length > 0 || (out.length > 0 && !(isPlain && isBefore)) ? "some" : "all",
    leavesOut: (name) => isPlain && isBefore && out.some((pattern) => fitsName(pattern, name) === true),
  };
}

/** Each operand in each folder that it may be meant in; of too many, all that these folders hold. */
function placed(operands: readonly ShellWord[], folders: readonly string[]): readonly ShellWord[] {
  if (operands.length * folders.length > mostPlaces) return folders.map(folderWord);
  return operands.flatMap((word) =>
    word.literal === undefined || word.literal.startsWith("/")
      ? [word]
      : folders.map((folder) => folderWord(`${folder}/${word.literal}`)),
  );
}

const mostPlaces = 100;

/** One that is not known stays so. */
function folderWord(path: string): ShellWord {
  return path.includes(anything) ? { text: path } : literalWord(path);
}

const makes = ["-c", "-r", "-u", "--create", "--append", "--update"];

const values: ReadonlySet<string> = new Set(
  "-f -C -T -X -b -g -I -K -N -F -H -V --file --directory --files-from --exclude --exclude-from --transform --owner --group --mtime --use-compress-program".split(
    " ",
  ),
);

const oldValues: ReadonlySet<string> = new Set(
  [...values].filter((flag) => flag.startsWith("--") || flag === "-C"),
);
