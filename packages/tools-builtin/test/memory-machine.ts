import { FaultError, type FileStat, type Machine, type MachineFaultCode } from "@claw/agent-core";

/** A machine whose files are in memory, with a look at what was done to it. */
export interface MemoryMachine extends Machine {
  /** Bytes by absolute path. Setting one is a change by somebody else. */
  readonly files: Map<string, Uint8Array>;
  /** Bytes that were handed out by `read`. */
  readonly bytesRead: () => number;
}

const utf8 = new TextEncoder();

/** Folders exist where a file is below them. `chunk`: bytes in each piece that `read` gives. */
export function memoryMachine(
  initial: Readonly<Record<string, string | Uint8Array>> = {},
  chunk = 16_384,
): MemoryMachine {
  const files = new Map(
    Object.entries(initial).map(([path, content]) => [
      path,
      typeof content === "string" ? utf8.encode(content) : content,
    ]),
  );
  let bytesRead = 0;
  const isFolder = (path: string): boolean =>
    path === "/" || [...files.keys()].some((file) => file.startsWith(`${path}/`));
  const stat = (path: string): FileStat | undefined => {
    const bytes = files.get(path);
    const version = bytes === undefined ? "folder" : Buffer.from(bytes).toString("base64");
    if (bytes === undefined && !isFolder(path)) return undefined;
    const type = bytes === undefined ? "directory" : "file";
    return { type, size: bytes?.length ?? 0, modifiedAt: 0, mode: 0o644, version };
  };
  return {
    files,
    bytesRead: () => bytesRead,
    stat: (path) => Promise.resolve(stat(path)),
    realpath: (path) => Promise.resolve(path),
    read: async function* (path, range, signal) {
      const bytes = files.get(path) ?? fault("not-found", path);
      const end = Math.min(range.to ?? bytes.length, bytes.length);
      for (let from = range.from ?? 0; from < end; from += chunk) {
        signal.throwIfAborted();
        const piece = bytes.slice(from, Math.min(from + chunk, end));
        bytesRead += piece.length;
        yield await Promise.resolve(piece);
      }
    },
    write: (path, bytes, options) => {
      const before = stat(path);
      if (options.expect !== undefined && (before?.version ?? null) !== options.expect) {
        return Promise.reject(new FaultError({ code: "stale", message: `${path} is stale.` }));
      }
      files.set(path, bytes.slice());
      return Promise.resolve(stat(path) ?? fault("io", path));
    },
    list: async function* (path) {
      const names = [...files.keys()].filter((file) => file.startsWith(path === "/" ? path : `${path}/`));
      const below = names.map((file) => file.slice(path === "/" ? 1 : path.length + 1).split("/"));
      for (const [name, isFile] of new Map(below.map((parts) => [parts[0] ?? "", parts.length === 1]))) {
        yield await Promise.resolve({ name, type: isFile ? ("file" as const) : ("directory" as const) });
      }
    },
    exec: () => Promise.reject(new FaultError({ code: "cannot-start", message: "Nothing can be run here." })),
  };
}

function fault(code: MachineFaultCode, path: string): never {
  throw new FaultError({ code, message: `${path}: ${code}` });
}
