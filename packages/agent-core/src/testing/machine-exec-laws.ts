import type { ExecExit, ExecRequest, Machine } from "../ports/machine.ts";
import { expectSettled, expectThat, rejectionCode } from "./expect-that.ts";
import type { MachineLaw } from "./machine-laws.ts";

/** The promises of `Machine.exec`. */
export const machineExecLaws: readonly MachineLaw[] = [
  [
    "exec gives the output in its order, with its streams, and the exit code",
    async ({ machine, root }) => {
      const { stdout, stderr, exit } = await run(machine, {
        argv: ["sh", "-c", "for i in 1 2 3; do echo out $i; echo err $i >&2; done; exit 3"],
        cwd: root,
      });
      expectThat(stdout === "out 1\nout 2\nout 3\n" && stderr === "err 1\nerr 2\nerr 3\n", "nothing is lost");
      expectThat(exit.type === "exited" && exit.code === 3, "the exit code is the program's");
      expectThat(exit.survivors.length === 0, "nothing outlives an ordinary end");
    },
  ],
  [
    "exec passes arguments as they are, without a shell",
    async ({ machine, root }) => {
      const argument = "$HOME `id` ; 'a  b' \"c\" * \\ \n\u{1f44b}";
      const { stdout } = await run(machine, { argv: ["printf", "%s", argument], cwd: root });
      expectThat(stdout === argument, "nothing is expanded, split or lost");
    },
  ],
  [
    "exec runs in its folder, with what is added to its environment",
    async ({ machine, root }) => {
      const argv = ["sh", "-c", 'pwd -P; printf "%s" "$LAW"'] as const;
      const { stdout } = await run(machine, { argv, cwd: root, env: { LAW: "kept" } });
      expectThat(stdout === `${root}\nkept`, "both are as they were asked for");
    },
  ],
  [
    "a program's input is empty",
    async ({ machine, root }) => {
      const reading = run(machine, { argv: ["cat"], cwd: root, timeoutMs: 10_000 });
      await expectSettled(reading, "it does not wait for input");
      const { stdout, exit } = await reading;
      expectThat(
        stdout === "" && exit.type === "exited" && exit.code === 0,
        "it reads nothing and ends well",
      );
    },
  ],
  [
    "exec rejects for a program that cannot be started",
    async ({ machine, root }) => {
      const { signal } = new AbortController();
      const start = machine.exec({ argv: ["no-such-program-of-the-law"], cwd: root }, signal);
      expectThat((await rejectionCode(start)) === "cannot-start", "an unknown program is cannot-start");
    },
  ],
  [
    "an abort stops the whole tree of a program",
    async ({ machine, root }) => {
      const controller = new AbortController();
      const script = "sleep 1000 & echo started; wait";
      const execution = await machine.exec({ argv: ["sh", "-c", script], cwd: root }, controller.signal);
      const ended = async (): Promise<void> => {
        for await (const _ of execution.output) controller.abort();
        await execution.exit;
      };
      await expectSettled(ended(), "the output and the program end");
      const exit = await execution.exit;
      expectThat(exit.type === "cancelled", `it is cancelled, not ${exit.type}`);
      expectThat(exit.survivors.length === 0, "nothing of it is left");
    },
  ],
  [
    "a program that runs too long is stopped, and what it had said is kept",
    async ({ machine, root }) => {
      const argv = ["sh", "-c", "echo early; sleep 1000"] as const;
      const { stdout, exit } = await run(machine, { argv, cwd: root, timeoutMs: 500 });
      expectThat(exit.type === "timed-out", `it is timed-out, not ${exit.type}`);
      expectThat(stdout === "early\n", "its output is there");
    },
  ],
  [
    "a program that ends by a signal says which",
    async ({ machine, root }) => {
      const { exit } = await run(machine, { argv: ["sh", "-c", "kill -TERM $$"], cwd: root });
      expectThat(exit.type === "signalled" && exit.signal === "SIGTERM", "it is signalled by SIGTERM");
    },
  ],
];

async function run(
  machine: Machine,
  request: ExecRequest,
): Promise<{ readonly stdout: string; readonly stderr: string; readonly exit: ExecExit }> {
  const { signal } = new AbortController();
  const execution = await machine.exec(request, signal);
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const text = { stdout: "", stderr: "" };
  for await (const { stream, bytes } of execution.output) {
    text[stream] += decoders[stream].decode(bytes, { stream: true });
  }
  return { ...text, exit: await execution.exit };
}
