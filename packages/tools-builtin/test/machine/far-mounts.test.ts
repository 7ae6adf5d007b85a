import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { farMounts, isFar } from "../../src/machine/far-mounts.ts";

describe("what may have to be waited for", () => {
  test("is all but disks of this machine and memory, at the places where it is mounted", () => {
    const mounts = [
      "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw",
      "23 22 0:21 / /proc rw shared:12 - proc proc rw",
      "24 22 0:40 / /mnt/two\\040words rw - nfs4 server:/share rw,vers=4.2",
      "25 22 0:41 / /home/me/cloud rw - fuse.sshfs me@there:/ rw",
      "26 22 0:27 / /dev/shm rw shared:3 master:2 - tmpfs tmpfs rw",
      "27 22 0:44 / /new rw - brandnewfs none rw",
    ].join("\n");
    expect(farMounts(mounts)).toStrictEqual([
      { place: "/proc/", type: "proc" },
      { place: "/mnt/two words/", type: "nfs4" },
      { place: "/home/me/cloud/", type: "fuse.sshfs" },
      { place: "/new/", type: "brandnewfs" },
    ]);
  });

  test("is everything where the root is somebody else's", () => {
    expect(farMounts("22 1 0:3 / / rw - 9p host rw\n")).toStrictEqual([{ place: "/", type: "9p" }]);
  });

  test.runIf(process.platform === "linux")(
    "is the kernel's own folder, and no folder that only begins like it",
    () => {
      expect(isFar("/proc")).toBe(true);
      expect(isFar("/proc/self/status")).toBe(true);
      expect(isFar("/process")).toBe(isFar(realpathSync(tmpdir())));
    },
  );
});
