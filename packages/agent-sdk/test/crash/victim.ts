// A process that lives one life of the session: its orders are the first argument, as JSON.
import { live } from "./life.ts";

void live(JSON.parse(process.argv[2] ?? "")).then((end) => process.stdout.write(JSON.stringify(end)));
