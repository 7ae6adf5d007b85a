import { parseUrl } from "./parse-url.ts";

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
 * that stands for an IPv4 one (mapped, compatible, NAT64, 6to4, Teredo) is what that one is, or `reserved`. IPv4 is
 * taken in its plain form only: four decimal numbers, as a parsed URL has it.
 */
export function addressClass(address: string): AddressClass {
  const bytes = addressBytes(address);
  if (bytes === undefined) return "invalid";
  if (bytes.length === 4) return classOf(bytes, ipv4Ranges()) ?? "public";
  const embedded = embeddedIpv4(bytes);
  // Of IPv6 only 2000::/3 is given out.
  if (embedded === undefined) return classOf(bytes, ipv6Ranges()) ?? "reserved";
  const inner = classOf(embedded, ipv4Ranges()) ?? "public";
  return inner === "public" && !isTranslated(bytes) ? "reserved" : inner;
}

/** The four or sixteen bytes of an address; `undefined` where it is none. */
function addressBytes(address: string): readonly number[] | undefined {
  const bare = address.replace(/%.*$/, "");
  return bare.includes(":") ? ipv6Bytes(bare) : ipv4Bytes(bare);
}

function ipv4Bytes(text: string): readonly number[] | undefined {
  if (!/^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(text)) return undefined;
  const bytes = text.split(".").map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function ipv6Bytes(text: string): readonly number[] | undefined {
  const url = /^[\da-f:.]+$/i.test(text) ? parseUrl(`http://[${text}]/`) : undefined;
  if (url === undefined) return undefined;
  const [start = "", end] = url.hostname.slice(1, -1).split("::");
  const head = groupsOf(start);
  const tail = groupsOf(end ?? "");
  const middle = Array.from({ length: 8 - head.length - tail.length }, () => 0);
  return [...head, ...middle, ...tail].flatMap((group) => [group >> 8, group & 0xff]);
}

function groupsOf(text: string): readonly number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}

type Row = readonly [network: string, prefix: number, kind: AddressClass];

/** The first that holds the address decides. */
const ipv4Rows: readonly Row[] = [
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

const ipv6Rows: readonly Row[] = [
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

interface Range {
  readonly network: readonly number[];
  readonly prefix: number;
  readonly kind: AddressClass;
}

/** Made when the first address is judged: most sessions reach none. */
let known: { readonly ipv4: readonly Range[]; readonly ipv6: readonly Range[] } | undefined;

function ranges(): NonNullable<typeof known> {
  const read = ([network, prefix, kind]: Row): Range => ({
    network: addressBytes(network) ?? [],
    prefix,
    kind,
  });
  known ??= { ipv4: ipv4Rows.map(read), ipv6: ipv6Rows.map(read) };
  return known;
}

function ipv4Ranges(): readonly Range[] {
  return ranges().ipv4;
}

function ipv6Ranges(): readonly Range[] {
  return ranges().ipv6;
}

function classOf(bytes: readonly number[], among: readonly Range[]): AddressClass | undefined {
  return among.find(({ network, prefix }) => sharesPrefix(bytes, network, prefix))?.kind;
}

function sharesPrefix(one: readonly number[], other: readonly number[], bits: number): boolean {
  return one.every((byte, i) => {
    const kept = Math.min(8, Math.max(0, bits - 8 * i));
    const mask = (0xff << (8 - kept)) & 0xff;
    return (byte & mask) === ((other[i] ?? 0) & mask);
  });
}

/** Whether a host name means this computer whatever a name server says (RFC 6761). */
export function isLocalName(host: string): boolean {
  return /(^|\.)localhost\.?$/i.test(host);
}

/** The class in words. */
export function addressKind(kind: AddressClass): string {
  return kindWords[kind];
}

const kindWords: Readonly<Record<AddressClass, string>> = {
  public: "public",
  loopback: "this computer",
  private: "a private network",
  "link-local": "the local link",
  shared: "a provider's inner network",
  metadata: "a cloud metadata service",
  multicast: "multicast",
  unspecified: "no host",
  reserved: "reserved",
  invalid: "not an address",
};

/** The IPv4 address that an IPv6 one stands for, in its plain form; `undefined` where it stands for none. */
export function ipv4Within(address: string): string | undefined {
  const bytes = addressBytes(address);
  return bytes?.length === 16 ? embeddedIpv4(bytes)?.join(".") : undefined;
}

/** The IPv4 address inside an IPv6 one, for each way of putting one there; `undefined` where there is none. */
function embeddedIpv4(bytes: readonly number[]): readonly number[] | undefined {
  const starts = (...prefix: readonly number[]) => prefix.every((byte, index) => bytes[index] === byte);
  const isZero = (from: number, to: number) => bytes.slice(from, to).every((byte) => byte === 0);
  const at = (from: number) => bytes.slice(from, from + 4);
  if (isZero(0, 10) && bytes[10] === 0xff && bytes[11] === 0xff) return at(12); // ::ffff:0:0/96
  if (isZero(0, 8) && bytes[8] === 0xff && bytes[9] === 0xff && isZero(10, 12)) return at(12); // ::ffff:0:0:0/96
  if (isZero(0, 12) && !isZero(12, 15)) return at(12); // ::/96
  if (starts(0x00, 0x64, 0xff, 0x9b) && isZero(4, 12)) return at(12); // NAT64, 64:ff9b::/96
  if (starts(0x00, 0x64, 0xff, 0x9b, 0x00, 0x01)) return at(12); // local NAT64, 64:ff9b:1::/48
  if (starts(0x20, 0x02)) return at(2); // 6to4, 2002::/16
  if (starts(0x20, 0x01, 0x00, 0x00)) return at(12).map((byte) => byte ^ 0xff); // Teredo
  return undefined;
}

/** Mapped and NAT64 addresses reach the very IPv4 host; the other kinds are dead or go through strangers. */
function isTranslated(bytes: readonly number[]): boolean {
  const isMapped = bytes[10] === 0xff && bytes[11] === 0xff && bytes[0] === 0;
  return isMapped || (bytes[1] === 0x64 && bytes[2] === 0xff && bytes[5] === 0);
}
