import { BlockList, isIP } from "node:net";

/** What kind of place an IP address is. Only `public` is the open Internet; `metadata` gives cloud credentials. */
export type AddressClass =
  | "public"
  | "loopback"
  | "private"
  | "link-local"
  | "shared"
  | "metadata"
  | "multicast"
  | "unspecified"
  | "reserved"
  | "invalid";

/**
 * Classifies an IP address by the special-purpose registries of IANA (RFC 6890 and its successors). An IPv6 address
 * that stands for an IPv4 one (mapped, compatible, NAT64, 6to4, Teredo) is what that one is, or `reserved`.
 */
export function addressClass(address: string): AddressClass {
  const bare = address.replace(/%.*$/, "");
  const version = isIP(bare);
  if (version === 4) return classOf(bare, "ipv4");
  if (version !== 6) return "invalid";
  const bytes = bytesOf(bare);
  const embedded = embeddedIpv4(bytes);
  if (embedded === undefined) return classOf(bare, "ipv6");
  const inner = classOf(embedded, "ipv4");
  return inner === "public" && !isTranslated(bytes) ? "reserved" : inner;
}

type Range = readonly [network: string, prefix: number, kind: AddressClass];

/** The first that holds the address decides. */
const ipv4Ranges: readonly Range[] = [
  ["169.254.169.254", 32, "metadata"],
  ["169.254.170.0", 24, "metadata"],
  ["100.100.100.200", 32, "metadata"],
  ["168.63.129.16", 32, "metadata"],
  ["192.0.0.192", 32, "metadata"],
  ["127.0.0.0", 8, "loopback"],
  ["0.0.0.0", 8, "unspecified"],
  ["10.0.0.0", 8, "private"],
  ["172.16.0.0", 12, "private"],
  ["192.168.0.0", 16, "private"],
  ["169.254.0.0", 16, "link-local"],
  ["100.64.0.0", 10, "shared"],
  ["192.0.0.0", 24, "reserved"],
  ["192.0.2.0", 24, "reserved"],
  ["192.88.99.0", 24, "reserved"],
  ["198.18.0.0", 15, "reserved"],
  ["198.51.100.0", 24, "reserved"],
  ["203.0.113.0", 24, "reserved"],
  ["224.0.0.0", 4, "multicast"],
  ["240.0.0.0", 4, "reserved"],
];

const ipv6Ranges: readonly Range[] = [
  ["fd00:ec2::254", 128, "metadata"],
  ["fd20:ce::254", 128, "metadata"],
  ["::1", 128, "loopback"],
  ["::", 128, "unspecified"],
  ["fc00::", 7, "private"],
  ["fe80::", 10, "link-local"],
  ["fec0::", 10, "private"],
  ["ff00::", 8, "multicast"],
  ["2001::", 23, "reserved"],
  ["2001:db8::", 32, "reserved"],
  ["3fff::", 20, "reserved"],
  ["2000::", 3, "public"],
];

interface Blocks {
  readonly ipv4: BlockLists;
  readonly ipv6: BlockLists;
}

type BlockLists = readonly (readonly [BlockList, AddressClass])[];

/** Made when the first address is judged: most sessions fetch nothing. */
let madeBlocks: Blocks | undefined;

function blocks(): Blocks {
  madeBlocks ??= { ipv4: blockLists(ipv4Ranges, "ipv4"), ipv6: blockLists(ipv6Ranges, "ipv6") };
  return madeBlocks;
}

function blockLists(ranges: readonly Range[], family: "ipv4" | "ipv6"): BlockLists {
  return ranges.map(([network, prefix, kind]) => {
    const list = new BlockList();
    list.addSubnet(network, prefix, family);
    return [list, kind];
  });
}

function classOf(address: string, family: "ipv4" | "ipv6"): AddressClass {
  const found = blocks()[family].find(([list]) => list.check(address, family));
  // Of IPv6 only 2000::/3 is given out; of IPv4 everything that is not set apart.
  return found?.[1] ?? (family === "ipv4" ? "public" : "reserved");
}

/** The sixteen bytes of a valid IPv6 address. */
function bytesOf(address: string): readonly number[] {
  const { hostname } = new URL(`http://[${address}]/`);
  const [start = "", end] = hostname.slice(1, -1).split("::");
  const head = groupsOf(start);
  const tail = groupsOf(end ?? "");
  const middle = Array.from({ length: 8 - head.length - tail.length }, () => 0);
  return [...head, ...middle, ...tail].flatMap((group) => [group >> 8, group & 0xff]);
}

function groupsOf(text: string): readonly number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}

/** The IPv4 address inside an IPv6 one, for each way of putting one there; `undefined` where there is none. */
function embeddedIpv4(bytes: readonly number[]): string | undefined {
  const starts = (...prefix: readonly number[]) => prefix.every((byte, index) => bytes[index] === byte);
  const isZero = (from: number, to: number) => bytes.slice(from, to).every((byte) => byte === 0);
  const at = (from: number) => bytes.slice(from, from + 4).join(".");
  if (isZero(0, 10) && bytes[10] === 0xff && bytes[11] === 0xff) return at(12); // ::ffff:0:0/96
  if (isZero(0, 8) && bytes[8] === 0xff && bytes[9] === 0xff && isZero(10, 12)) return at(12); // ::ffff:0:0:0/96
  if (isZero(0, 12) && !isZero(12, 15)) return at(12); // ::/96
  if (starts(0x00, 0x64, 0xff, 0x9b) && isZero(4, 12)) return at(12); // NAT64, 64:ff9b::/96
  if (starts(0x00, 0x64, 0xff, 0x9b, 0x00, 0x01)) return at(12); // local NAT64, 64:ff9b:1::/48
  if (starts(0x20, 0x02)) return at(2); // 6to4, 2002::/16
  if (starts(0x20, 0x01, 0x00, 0x00))
    return bytes
      .slice(12)
      .map((byte) => byte ^ 0xff)
      .join("."); // Teredo
  return undefined;
}

/** Mapped and NAT64 addresses reach the very IPv4 host; the other kinds are dead or go through strangers. */
function isTranslated(bytes: readonly number[]): boolean {
  const isMapped = bytes[10] === 0xff && bytes[11] === 0xff && bytes[0] === 0;
  return isMapped || (bytes[1] === 0x64 && bytes[2] === 0xff && bytes[5] === 0);
}
