// A process that lives one life of the session: its orders are the first argument, as JSON.
import { live } from "./life.ts";

process.stdout.write(JSON.stringify(await live(JSON.parse(process.argv[2] ?? ""))));
