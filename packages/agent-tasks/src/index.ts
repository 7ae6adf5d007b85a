export { type ChildEnvironmentOptions, childEnvironment } from "./child-environment.ts";
export type { Limits } from "./limits.ts";
export { type Reaped, reapStale } from "./reap-stale.ts";
export type { Task, TaskOutcome, TaskSink, TaskSpec } from "./runtime/task.ts";
export { hasEnded } from "./runtime/task.ts";
export type { OutputSlice } from "./runtime/task-output.ts";
export { createTaskRuntime, type TaskRuntime, type TaskRuntimeOptions } from "./runtime/task-runtime.ts";
export { type StartOptions, startProcess } from "./start-process.ts";
export { type StopLabelled, stopLabelled } from "./stop-labelled.ts";
