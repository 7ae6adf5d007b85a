export { type ChildEnvironmentOptions, childEnvironment } from "./child-environment.ts";
export type { Limits } from "./limits.ts";
export { type Reaped, reapStale } from "./reap-stale.ts";
export { type StartOptions, startProcess } from "./start-process.ts";
