import type { Sandbox } from "@claw/agent-core";
import { type BubblewrapOptions, bubblewrapSandbox } from "./bubblewrap/bubblewrap-sandbox.ts";
import { noSandbox } from "./no-sandbox.ts";
import { seatbeltSandbox } from "./seatbelt/seatbelt-sandbox.ts";

/** The sandbox of this operating system: bubblewrap on Linux, seatbelt on macOS, elsewhere none. */
export function platformSandbox(options: BubblewrapOptions): Sandbox {
  switch (process.platform) {
    case "linux":
      return bubblewrapSandbox(options);
    case "darwin":
      return seatbeltSandbox();
    default:
      return noSandbox({
        state: "unavailable",
        reason: `There is no sandbox for ${process.platform}.`,
        fix: "Use Linux or macOS, or run claw in a container.",
      });
  }
}
