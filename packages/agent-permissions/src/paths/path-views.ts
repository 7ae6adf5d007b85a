import { thrownText } from "@claw/agent-core";
import { foreignPaths } from "./foreign-paths.ts";
import { isNetworkPath, normalPath, parentPath, slashed } from "./path-name.ts";

/** Everything one path may mean. A deny rule that hits any of it counts; an allow needs all of it. */
export interface PathViews {
  /** Absolute and normal: the path as it reads, and what it leads to with links followed. Never empty. */
  readonly paths: readonly string[];
  /** Why `paths` may not be all of it. */
  readonly doubt?: string;
  /** The file has other names (hard links), and not all of them are known. */
  readonly linked?: boolean;
}

/**
 * Follows every link of an absolute path; `..` is taken both ways, as text and after the link before it. `target`: what
 * the path leads to, where that was found out before and only that will be opened. `cwd`: what `/proc/self/cwd` stands for.
 */
export async function pathViews(
  path: string,
  realpath: (path: string) => Promise<string>,
  { target, cwd }: { readonly target?: string; readonly cwd?: string } = {},
): Promise<PathViews> {
  const given = slashed(path);
  const read = normalPath(given);
  const paths = new Set([read]);
  const behindProc = withoutProcLinks(read, cwd);
  if (behindProc !== undefined) paths.add(behindProc);
  const foreign = foreignPaths(read);
  for (const other of foreign) paths.add(other);
  const doubt = unusable(path) ?? (foreign.length > 0 ? "it is written as on another system" : undefined);
  if (doubt !== undefined) return { paths: [...paths], doubt };
  try {
    paths.add(normalPath(slashed(target ?? (await realpath(read)))));
    if (/\/\.\.(\/|$)/.test(given)) paths.add(await walked(given, realpath));
    return { paths: [...paths] };
  } catch (error) {
    return { paths: [...paths], doubt: `where it leads could not be found out (${thrownText(error)})` };
  }
}

function unusable(path: string): string | undefined {
  if (isNetworkPath(path)) return "it is on another machine or a device";
  if (!slashed(path).startsWith("/")) return "it is not absolute";
  if (path.length > 4096) return "it is too long";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no honest path has a control character
  return /[\u0000-\u001f\u007f]/.test(path) ? "it holds control characters" : undefined;
}

/** As the kernel walks it: `..` leaves the folder that the link before it leads to. */
async function walked(path: string, realpath: (path: string) => Promise<string>): Promise<string> {
  let at = "/";
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    at =
      segment === ".." ? parentPath(normalPath(slashed(await realpath(at)))) : normalPath(`${at}/${segment}`);
  }
  return normalPath(slashed(await realpath(at)));
}

/** `/proc/self/root/etc` is `/etc`, whoever asks, and `/proc/self/cwd` the folder that we work in, also one in the other. */
function withoutProcLinks(path: string, cwd: string | undefined): string | undefined {
  const [, link, below = ""] =
    /^\/proc\/(?:self|thread-self|\d+)(?:\/task\/\d+)?\/(root|cwd)(?=\/|$)(.*)$/.exec(path) ?? [];
  if (link === undefined || (link === "cwd" && cwd === undefined)) return undefined;
  const behind = normalPath(link === "root" ? below : `${cwd}${below}`);
  return withoutProcLinks(behind, cwd) ?? behind;
}
