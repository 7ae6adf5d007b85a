import { fileURLToPath } from "node:url";

/** The built program. */
export const clawFile: string = fileURLToPath(new URL("../bin/claw.js", import.meta.url));
