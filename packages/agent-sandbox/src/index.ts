export { type BubblewrapOptions, bubblewrapSandbox } from "./bubblewrap/bubblewrap-sandbox.ts";
export { seccompFilter } from "./bubblewrap/seccomp-filter.ts";
export { explainFailure } from "./explain-failure.ts";
export { heldNames, protectedNames } from "./guard/protected-names.ts";
export { noSandbox } from "./no-sandbox.ts";
export { platformSandbox } from "./platform-sandbox.ts";
export { runtimeSandbox } from "./runtime/runtime-sandbox.ts";
export { seatbeltProfile } from "./seatbelt/seatbelt-profile.ts";
export { type SeatbeltOptions, seatbeltSandbox } from "./seatbelt/seatbelt-sandbox.ts";
