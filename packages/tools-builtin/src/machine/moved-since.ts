import { FaultError, type MachineFaultCode } from "@claw/agent-core";

/** The fault of a path that leads elsewhere than when it was judged. */
export function movedSince(path: string): FaultError<MachineFaultCode> {
  return new FaultError({
    code: "moved",
    message: `${JSON.stringify(path)}: a link was put into this path since it was judged, so nothing was done.`,
    hint: "Try again: the call is then judged by where the path leads now.",
  });
}
