import { type ChildProcess, spawn } from "node:child_process";
import { ownerToken } from "./job.ts";
import { place } from "./job-record.ts";

/**
 * Starts a guard when a job has run for so long, unless there is one: most commands are over before, and cost nothing. At
 * once for 0, so that a job that is started then is never without.
 * @returns takes it back.
 */
export function guardAfter(milliseconds: number): () => void {
  if (guard !== undefined || milliseconds === Number.POSITIVE_INFINITY) return () => undefined;
  if (milliseconds <= 0) {
    startDeathGuard();
    return () => undefined;
  }
  const timer = setTimeout(startDeathGuard, milliseconds);
  timer.unref();
  return () => clearTimeout(timer);
}

/**
 * Starts a tiny process beside ours that waits for our end, unless there is one. However we go, by SIGKILL too, the
 * pipe between us closes, and it kills every process that bears our token, with their sessions and descendants. It
 * costs a shell that sleeps; one for all jobs of this process. Needs /proc; never throws.
 */
function startDeathGuard(): void {
  if (guard !== undefined || place() === undefined) return;
  try {
    guard = launch();
  } catch {
    // No room for another process: the next start of ours reaps what we leave.
  }
}

/** As much a fact of the operating system's process as its exit is, and so held once in it. */
let guard: ChildProcess | undefined;

function launch(): ChildProcess {
  const child = spawn("/bin/sh", ["-c", script, "claw-guard", ownerToken()], {
    cwd: "/",
    env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
    // A session of its own: what kills our group must not kill it.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Our own exit sees to the jobs, and knows which of them may stay.
  const stop = (): void => {
    child.kill("SIGKILL");
  };
  process.on("exit", stop);
  const gone = (): void => {
    process.off("exit", stop);
    if (guard === child) guard = undefined;
  };
  child.once("exit", gone);
  child.on("error", gone);
  child.stdin?.on("error", () => undefined);
  child.unref();
  const { stdin } = child;
  // It is a socket, though its type says less; it must not keep us alive.
  if (stdin !== null && "unref" in stdin && typeof stdin.unref === "function") stdin.unref();
  return child;
}

/**
 * Nothing is ever written to its input: the end of it is our end. The token is looked for in the environment of every
 * process; to those that have it belong all of their sessions and all of their descendants. Again and again, as some
 * may be forked between the look and the signal, and for half a second after the last one: what we were starting when we
 * were killed bears the token only once it has become its program, which a busy machine takes its time for.
 */
const script = `
trap '' HUP INT TERM
read -r _
members() {
  marked=$(grep -lsF "$1" /proc/[0-9]*/environ | cut -d / -f 3 | tr '\\n' ' ')
  [ -n "$marked" ] || return 0
  cat /proc/[0-9]*/stat 2>/dev/null | awk -v marked="$marked" '
    BEGIN { count = split(marked, list, " "); for (i = 1; i <= count; i++) member[list[i]] = 1 }
    { pid = $1; sub(/^.*\\) /, ""); if ($1 ~ /^[ZXx]/ || pid < 2) next; parent[pid] = $2; session[pid] = $4 }
    END {
      for (pid in member) if (pid in session) sessions[session[pid]] = 1
      do {
        grown = 0
        for (pid in parent) if (!(pid in member) && (parent[pid] in member || session[pid] in sessions)) {
          member[pid] = 1
          grown = 1
        }
      } while (grown)
      for (pid in member) if (pid in parent) print pid
    }'
}
quiet=0
for round in $(seq 60); do
  found=$(members "$1")
  if [ -z "$found" ]; then
    quiet=$((quiet + 1))
    [ "$quiet" -lt 10 ] || exit 0
  else
    quiet=0
    kill -KILL $found 2>/dev/null
  fi
  sleep 0.05
done`;
