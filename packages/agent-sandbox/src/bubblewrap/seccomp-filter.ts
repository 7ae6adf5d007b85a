/**
 * A system call filter as bubblewrap reads it: what would reach around the mounts and namespaces fails with EPERM.
 *
 * - `socket` for anything but IPv4, IPv6 and netlink: a Unix socket leads to a daemon outside (docker, an agent of
 *   keys), and VM sockets know no network namespace. `socketpair` stays: pipes of Node and git are made of it.
 * - `io_uring`, which makes system calls that no filter sees; `ptrace` and its kin; kernel keys; `bpf`.
 * - new namespaces and mounts: a namespace of its own would give a command capabilities again.
 * - `TIOCSTI` and `TIOCLINUX`, which type into a terminal.
 *
 * `undefined` for a processor whose numbers are not known here.
 */
export function seccompFilter(architecture: string): Uint8Array | undefined {
  const machine = machines[architecture];
  return machine === undefined ? undefined : assemble(program(machine));
}

interface Machine {
  readonly audit: number;
  /** Calls of another convention share the number space from here on. */
  readonly foreignFrom?: number;
  readonly socket: number;
  readonly clone: number;
  readonly ioctl: number;
  readonly refused: Readonly<Record<string, number>>;
}

/** The same number on both. */
const common = {
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  fspick: 433,
  pidfd_getfd: 438,
  mount_setattr: 442,
};

const clone3 = 435;

const machines: Readonly<Record<string, Machine>> = {
  x64: {
    audit: 0xc000003e,
    foreignFrom: 0x40000000,
    socket: 41,
    clone: 56,
    ioctl: 16,
    refused: {
      ...common,
      ptrace: 101,
      pivot_root: 155,
      chroot: 161,
      mount: 165,
      umount2: 166,
      add_key: 248,
      request_key: 249,
      keyctl: 250,
      unshare: 272,
      perf_event_open: 298,
      open_by_handle_at: 304,
      setns: 308,
      process_vm_readv: 310,
      process_vm_writev: 311,
      bpf: 321,
      userfaultfd: 323,
    },
  },
  arm64: {
    audit: 0xc00000b7,
    socket: 198,
    clone: 220,
    ioctl: 29,
    refused: {
      ...common,
      umount2: 39,
      mount: 40,
      pivot_root: 41,
      chroot: 51,
      unshare: 97,
      ptrace: 117,
      add_key: 217,
      request_key: 218,
      keyctl: 219,
      perf_event_open: 241,
      open_by_handle_at: 265,
      setns: 268,
      process_vm_readv: 270,
      process_vm_writev: 271,
      bpf: 280,
      userfaultfd: 282,
    },
  },
};

/** One step: a load, a comparison that may jump to a label, or an end. */
type Step =
  | { readonly load: number }
  | { readonly when: "equals" | "atLeast" | "hasBits"; readonly value: number; readonly go: string }
  | { readonly end: number }
  | { readonly label: string };

/** Offsets in `struct seccomp_data`; of an argument its lower half. */
const offsetOf = { number: 0, architecture: 4, argument0: 16, argument1: 24 };

const outcome = { kill: 0x80000000, allow: 0x7fff0000, EPERM: 0x00050001, ENOSYS: 0x00050026 };

const families = { inet: 2, inet6: 10, netlink: 16 };
const newUserNamespace = 0x10000000;
const terminalInput = { TIOCSTI: 0x5412, TIOCLINUX: 0x541c };

function program(machine: Machine): readonly Step[] {
  const go = (value: number, label: string): Step => ({ when: "equals", value, go: label });
  return [
    { load: offsetOf.architecture },
    go(machine.audit, "known"),
    { end: outcome.kill },
    { label: "known" },
    { load: offsetOf.number },
    ...(machine.foreignFrom === undefined
      ? []
      : [{ when: "atLeast", value: machine.foreignFrom, go: "refuse" } as const]),
    ...Object.values(machine.refused).map((number) => go(number, "refuse")),
    // What a C library asks for first. Its flags lie in memory, where no filter looks; `clone` has them in a register.
    go(clone3, "unknown"),
    go(machine.socket, "socket"),
    go(machine.clone, "clone"),
    go(machine.ioctl, "ioctl"),
    { end: outcome.allow },
    { label: "socket" },
    { load: offsetOf.argument0 },
    ...Object.values(families).map((family) => go(family, "allow")),
    { end: outcome.EPERM },
    { label: "clone" },
    { load: offsetOf.argument0 },
    { when: "hasBits", value: newUserNamespace, go: "refuse" },
    { end: outcome.allow },
    { label: "ioctl" },
    { load: offsetOf.argument1 },
    ...Object.values(terminalInput).map((request) => go(request, "refuse")),
    { label: "allow" },
    { end: outcome.allow },
    { label: "refuse" },
    { end: outcome.EPERM },
    { label: "unknown" },
    { end: outcome.ENOSYS },
  ];
}

const codes = { load: 0x20, equals: 0x15, atLeast: 0x35, hasBits: 0x45, end: 0x06 };

/** Each instruction is 8 bytes: code, steps to skip when true, when false, operand. Jumps go forward only. */
function assemble(steps: readonly Step[]): Uint8Array {
  const places = new Map<string, number>();
  const instructions: Exclude<Step, { readonly label: string }>[] = [];
  for (const step of steps) {
    if ("label" in step) places.set(step.label, instructions.length);
    else instructions.push(step);
  }
  const bytes = Buffer.alloc(instructions.length * 8);
  instructions.forEach((step, index) => {
    const at = index * 8;
    if ("load" in step) {
      bytes.writeUInt16LE(codes.load, at);
      bytes.writeUInt32LE(step.load, at + 4);
    } else if ("end" in step) {
      bytes.writeUInt16LE(codes.end, at);
      bytes.writeUInt32LE(step.end, at + 4);
    } else {
      bytes.writeUInt16LE(codes[step.when], at);
      bytes.writeUInt8((places.get(step.go) ?? Number.NaN) - index - 1, at + 2);
      bytes.writeUInt32LE(step.value, at + 4);
    }
  });
  return bytes;
}
