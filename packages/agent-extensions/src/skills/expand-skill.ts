import { isFrontmatterFault, readFrontmatter } from "../frontmatter.ts";
import { readMarkdown } from "../instructions/read-markdown.ts";
import { readTextFile } from "../read-text-file.ts";
import { quotingAfter, shellText } from "./shell-word.ts";
import type { Skill } from "./skill.ts";
import { splitArguments } from "./split-arguments.ts";

export interface ExpandOptions {
  /** As it was typed after the name. */
  readonly args: string;
  readonly session: string;
  /** The folder that the session works in. */
  readonly cwd: string;
  /** Runs a line of bash under the session's permissions, and gives what stands in its place. */
  readonly run: (command: string) => Promise<string>;
  /** A file that the text names as `@path`, read under the session's permissions; `undefined` where it names none. */
  readonly attach: (path: string) => Promise<string | undefined>;
}

/**
 * The text of a skill as the model gets it: arguments and names put in, commands run and their output put in. What is put
 * in is never looked at again. Rejects with an `Error` where the file cannot be read any more.
 */
export async function expandSkill(skill: Skill, options: ExpandOptions): Promise<string> {
  const body = await bodyOf(skill);
  const values = valuesFor(skill, options);
  const pieces: string[] = [];
  let end = 0;
  for (const match of body.matchAll(inlineCommand)) {
    pieces.push(putIn(body.slice(end, match.index), values, options.args));
    pieces.push(await options.run(putInCommand(match[1] ?? match[2] ?? "", values)));
    end = match.index + match[0].length;
  }
  pieces.push(putIn(body.slice(end), values, options.args));
  const isUnused = options.args.trim() !== "" && !takesArguments(body, skill);
  const parts = [pieces.join("").trim(), ...(isUnused ? [`ARGUMENTS: ${options.args.trim()}`] : [])];
  for (const path of readMarkdown(body).imports) {
    const file = await options.attach(putIn(path, values, options.args));
    if (file !== undefined) parts.push(file);
  }
  return parts.join("\n\n");
}

/** Whether a text has commands in it. */
export function hasCommands(body: string): boolean {
  return body.search(inlineCommand) >= 0;
}

/** `` !`command` ``, or a block of code whose language is an exclamation mark. */
const inlineCommand = /(?<=^|[\s(])!`([^`\n]+)`|^```!\n(.*?)\n```[ \t]*$/gms;

const placeholder =
  /\$ARGUMENTS\[(\d+)\]|\$(ARGUMENTS)\b|\$\{(CLA(?:UDE|W)_(?:SESSION_ID|SKILL_DIR|PROJECT_DIR))\}|\$(\d+)\b|\$([A-Za-z_][\w-]*)/g;

async function bodyOf({ file }: Skill): Promise<string> {
  const content = await readTextFile(file);
  if (content.type !== "read") {
    throw new Error(`${file} cannot be used: ${content.type === "absent" ? "it is gone" : content.reason}.`);
  }
  const read = await readFrontmatter(content.text);
  if (isFrontmatterFault(read)) throw new Error(`${file}, line ${read.line}: ${read.reason}.`);
  return read.body;
}

/** What stands for a placeholder: words, or `undefined` where it is none of ours. */
type Values = (match: RegExpMatchArray) => readonly string[] | undefined;

function valuesFor({ argumentNames, folder }: Skill, { args, session, cwd }: ExpandOptions): Values {
  const words = splitArguments(args);
  const named = new Map<string, string>([
    ["SESSION_ID", session],
    ["SKILL_DIR", folder],
    ["PROJECT_DIR", cwd],
  ]);
  return ([, indexed, whole, variable, position, name]) => {
    if (whole !== undefined) return words;
    if (variable !== undefined) return [named.get(variable.replace(/^CLA(?:UDE|W)_/, "")) ?? ""];
    const index = indexed ?? position;
    if (index !== undefined) return [words[Number(index)] ?? ""];
    const place = name === undefined ? -1 : argumentNames.indexOf(name);
    return place < 0 ? undefined : [words[place] ?? ""];
  };
}

function putIn(text: string, values: Values, args: string): string {
  return replaceEach(text, (match) => (match[2] === undefined ? values(match)?.join(" ") : args.trim()));
}

/** Into a command line, as words that bash takes as they are. */
function putInCommand(command: string, values: Values): string {
  return replaceEach(command, (match) => {
    const quoting = quotingAfter(command.slice(0, match.index));
    return values(match)
      ?.map((word) => shellText(word, quoting))
      .join(" ");
  });
}

function replaceEach(text: string, insert: (match: RegExpMatchArray) => string | undefined): string {
  let result = "";
  let end = 0;
  for (const match of text.matchAll(placeholder)) {
    result += text.slice(end, match.index) + (insert(match) ?? match[0]);
    end = match.index + match[0].length;
  }
  return result + text.slice(end);
}

function takesArguments(body: string, { argumentNames }: Skill): boolean {
  return [...body.matchAll(placeholder)].some(
    ([, indexed, whole, , position, name]) =>
      (indexed ?? whole ?? position) !== undefined || (name !== undefined && argumentNames.includes(name)),
  );
}
