import type { PolicyPorts } from "@claw/agent-permissions";
import { localMachine } from "@claw/tools-builtin";
import { gitHazard } from "./git/git-hazard.ts";
import { gitTracks } from "./git/git-tracks.ts";

/** What `decide` and `decideLine` may ask about this computer: where links lead, what a repository's settings run, what it has in its index. */
export function policyPorts(): PolicyPorts {
  const machine = localMachine();
  return {
    paths: machine,
    gitHazard: (folder, signal) => gitHazard(machine, folder, signal),
    gitTracks: (file, signal) => gitTracks(machine, file, signal),
  };
}
