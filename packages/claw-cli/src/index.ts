export type { Io, SignalName } from "./io.ts";
export { main } from "./main.ts";
export { start } from "./start.ts";
