import { readFileSync } from "node:fs";

/** Whether touching a file may have to wait for more than our own disks and memory. True where nobody tells. */
export function isFar(path: string): boolean {
  const { far } = mounts();
  if (far === undefined) return true;
  const below = `${path}/`;
  // Asked several times for each file, of some fifteen folders of the kernel: without a function for each of them.
  for (const { place } of far) if (below.startsWith(place)) return true;
  return false;
}

/**
 * Whether there is a place anywhere at which looking up a name may have to wait: a link may lead there. The kernel's own
 * folders, `/proc` and the like, are far too, but their names are in memory.
 */
export function isAnyNameFar(): boolean {
  return mounts().isAnyNameFar;
}

export interface FarMount {
  /** With a slash at its end. */
  readonly place: string;
  readonly type: string;
}

interface Mounts {
  readonly at: number;
  /** `undefined` where there is no /proc. */
  readonly far: readonly FarMount[] | undefined;
  readonly isAnyNameFar: boolean;
}

/** As much a fact of the whole process as its mounts are. What is mounted meanwhile is noticed soon. */
let known: Mounts | undefined;
const freshMs = 1_000;

function mounts(): Mounts {
  const now = Date.now();
  if (known !== undefined && Math.abs(now - known.at) <= freshMs) return known;
  const far = readFar();
  known = { at: now, far, isAnyNameFar: far?.some(({ type }) => !inMemory.has(type)) ?? true };
  return known;
}

function readFar(): readonly FarMount[] | undefined {
  try {
    return farMounts(readFileSync("/proc/self/mountinfo", "utf8"));
  } catch {
    return undefined;
  }
}

/** @param mounts as in Linux's `/proc/<pid>/mountinfo`, which proc(5) describes. */
export function farMounts(mounts: string): readonly FarMount[] {
  const far: FarMount[] = [];
  for (const line of mounts.split("\n")) {
    const [, place, type] = /^(?:\S+ ){4}(\S+) .*? - (\S+) /.exec(line) ?? [];
    if (place === undefined || type === undefined || disks.has(type)) continue;
    far.push({ place: unescaped(place === "/" ? place : `${place}/`), type });
  }
  return far;
}

/** Blanks and the like are written as three octal digits. */
function unescaped(place: string): string {
  return place.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** Disks of this machine, and memory. What is not named here is far. */
const disks: ReadonlySet<string> = new Set(
  "bcachefs btrfs erofs ext2 ext3 ext4 f2fs overlay ramfs rootfs squashfs tmpfs xfs zfs".split(" "),
);

const inMemory: ReadonlySet<string> = new Set(
  "binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs fusectl hugetlbfs mqueue nsfs proc pstore securityfs selinuxfs sysfs tracefs".split(
    " ",
  ),
);
