import { join } from "node:path";
import type { GrepEnd, GrepSearch } from "./grep-query.ts";

/**
 * The same search without the files that `mayShow` says no to: their matches reach nobody, and a note says so. `folderOf`: where
 * the searched folder leads to; a rule for a file counts under that name, too.
 */
export function filteredSearch(
  search: GrepSearch,
  mayShow: (path: string) => boolean,
  folderOf: (folder: string) => string,
): GrepSearch {
  return async function* filtered(query, signal) {
    const hidden = new Set<string>();
    const records = search(query, signal);
    let afterGap = true;
    try {
      for (;;) {
        const step = await records.next();
        if (step.done === true) return withNote(step.value, hidden.size);
        const record = step.value;
        // What stood between two gaps may have been left out.
        if (record.type === "gap" ? afterGap : !shows(record.path)) continue;
        afterGap = record.type === "gap";
        yield record;
      }
    } finally {
      await records.return({ type: "done", notes: [] });
    }

    function shows(path: string): boolean {
      if (hidden.has(path)) return false;
      const folders = [query.folder, folderOf(query.folder)];
      const isShown = folders.every((folder) => mayShow(join(folder, path)));
      if (!isShown) hidden.add(path);
      return isShown;
    }
  };
}

function withNote(end: GrepEnd, hidden: number): GrepEnd {
  if (end.type !== "done" || hidden === 0) return end;
  const files = hidden === 1 ? "1 file with matches was" : `${hidden} files with matches were`;
  return { ...end, notes: [...end.notes, `${files} left out: a permission rule keeps it from being read`] };
}
