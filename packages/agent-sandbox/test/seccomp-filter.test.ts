import { seccompFilter } from "@claw/agent-sandbox";
import { describe, expect, test } from "vitest";

interface Call {
  readonly architecture: number;
  readonly number: number;
  readonly arguments?: readonly number[];
}

/** What the kernel's machine makes of a call: the instructions that are used, as the kernel documents them. */
function verdict(program: Uint8Array, call: Call): number {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const fields = new Map([
    [0, call.number],
    [4, call.architecture],
    ...[0, 1, 2, 3, 4, 5].map((index) => [16 + index * 8, call.arguments?.[index] ?? 0] as const),
  ]);
  let loaded = 0;
  for (let at = 0; at < program.length / 8; at += 1) {
    const [code, ifTrue, ifFalse] = [view.getUint16(at * 8, true), program[at * 8 + 2], program[at * 8 + 3]];
    const operand = view.getUint32(at * 8 + 4, true);
    const jump = (holds: boolean): void => {
      at += (holds ? ifTrue : ifFalse) ?? 0;
    };
    if (code === 0x20) loaded = fields.get(operand) ?? Number.NaN;
    else if (code === 0x15) jump(loaded === operand);
    else if (code === 0x35) jump(loaded >= operand);
    else if (code === 0x45) jump((loaded & operand) !== 0);
    else if (code === 0x06) return operand;
    else throw new Error(`An instruction that the kernel may refuse: ${code}.`);
  }
  throw new Error("It has no end.");
}

const allow = 0x7fff0000;
const refuse = 0x00050001;
const unknown = 0x00050026;
const kill = 0x80000000;

const numbers = {
  x64: {
    audit: 0xc000003e,
    read: 0,
    socket: 41,
    socketpair: 53,
    clone: 56,
    ioctl: 16,
    ptrace: 101,
    unshare: 272,
    mount: 165,
  },
  arm64: {
    audit: 0xc00000b7,
    read: 63,
    socket: 198,
    socketpair: 199,
    clone: 220,
    ioctl: 29,
    ptrace: 117,
    unshare: 97,
    mount: 40,
  },
};

describe.each(Object.entries(numbers))("the filter for %s", (name, machine) => {
  const program = seccompFilter(name) ?? new Uint8Array();
  const says = (number: number, ...args: readonly number[]): number =>
    verdict(program, { architecture: machine.audit, number, arguments: args });

  test("is made of whole instructions, and few enough to be jumped over", () => {
    expect(program.length % 8).toBe(0);
    expect(program.length / 8).toBeLessThan(100);
  });

  test("lets programs work: files, pipes, threads, the internet", () => {
    for (const number of [machine.read, machine.socketpair]) expect(says(number)).toBe(allow);
    expect(says(machine.clone, 0x3d0f00)).toBe(allow);
    expect(says(machine.ioctl, 1, 0x5401)).toBe(allow);
    for (const family of [2, 10, 16]) expect(says(machine.socket, family)).toBe(allow);
  });

  test("refuses sockets of this computer and of its host", () => {
    for (const family of [1, 17, 38, 40]) expect(says(machine.socket, family)).toBe(refuse);
  });

  test("refuses tracing, io_uring, mounts, namespaces, and typing into a terminal", () => {
    for (const number of [machine.ptrace, 425, 426, 427, machine.unshare, machine.mount])
      expect(says(number)).toBe(refuse);
    expect(says(machine.clone, 0x10000011)).toBe(refuse);
    expect(says(machine.ioctl, 0, 0x5412)).toBe(refuse);
    expect(says(435)).toBe(unknown);
  });

  test("kills a program of another processor, for which the numbers mean something else", () => {
    expect(verdict(program, { architecture: 0x40000003, number: machine.read })).toBe(kill);
  });
});

test("x32 calls, which share the numbers of x64, are refused", () => {
  const program = seccompFilter("x64") ?? new Uint8Array();
  expect(verdict(program, { architecture: 0xc000003e, number: 0x40000000 + 41, arguments: [2] })).toBe(
    refuse,
  );
});

test("there is none for a processor whose numbers are not known", () => {
  expect(seccompFilter("riscv64")).toBeUndefined();
});
