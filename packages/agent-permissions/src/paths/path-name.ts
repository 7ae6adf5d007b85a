/** The path with one kind of slash, as rules are written: `C:\x` is `/c/x`. A POSIX path stays as it is. */
export function slashed(path: string): string {
  const drive = /^([A-Za-z]):(?=[\\/]|$)/.exec(path)?.[1];
  if (drive !== undefined) return `/${drive.toLowerCase()}${path.slice(2).replaceAll("\\", "/")}`;
  return path.startsWith("\\\\") ? path.replaceAll("\\", "/") : path;
}

/** Whether the path names something on another machine, or a device of Windows. */
export function isNetworkPath(path: string): boolean {
  return path.startsWith("\\\\") || /^\\\?\?\\/.test(path);
}

/** An absolute path without `.`, `..` and empty segments, read as text: links are not looked at. */
export function normalPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  return `/${kept.join("/")}`;
}

/** The path as seen from a folder; `..` is kept, so that links on the way can still be followed. */
export function joinPath(folder: string, path: string): string {
  const isAbsolute = path.startsWith("/") || (onWindows.test(folder) && absoluteOnWindows.test(path));
  return isAbsolute ? path : `${folder}/${path}`;
}

const onWindows = /^(?:[A-Za-z]:(?:[\\/]|$)|\\\\)/;
/** A drive, another machine, a device. */
const absoluteOnWindows = /^(?:[A-Za-z]:|\\\\|\\\?\?\\)/;

/** Whether a normal path is the folder or lies in it, compared by segments. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/** What is left of a path below a folder that it lies in; empty for the folder itself. */
export function pathBelow(path: string, folder: string): string {
  return folder === "/" ? path.slice(1) : path.slice(folder.length + 1);
}

/** The folder that a normal path is in. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}
