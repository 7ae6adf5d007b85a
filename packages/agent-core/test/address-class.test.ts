import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AddressClass, addressClass } from "../src/index.ts";

const table: readonly (readonly [AddressClass, string])[] = [
  [
    "public",
    "1.1.1.1 8.8.8.8 93.184.216.34 172.15.255.255 172.32.0.0 100.63.255.255 100.128.0.0 169.253.0.1 223.255.255.255",
  ],
  ["public", "2606:4700::1111 2001:4860:4860::8888 2a00::1 ::ffff:8.8.8.8 64:ff9b::808:808"],
  [
    "loopback",
    "127.0.0.1 127.255.255.254 ::1 ::ffff:127.0.0.1 ::ffff:7f00:1 64:ff9b::7f00:1 64:ff9b::127.0.0.1 2002:7f00:1::",
  ],
  ["loopback", "::127.0.0.1 ::ffff:0:127.0.0.1 64:ff9b:1::7f00:1 0:0:0:0:0:0:0:1 2001:0:0:0:0:0:80ff:fffe"],
  [
    "private",
    "10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 fc00::1 fdff::1 ::ffff:10.0.0.1 64:ff9b::a00:1 2002:a00:1:: fec0::1",
  ],
  ["link-local", "169.254.1.1 fe80::1 fe80::1%eth0 febf::1 ::ffff:169.254.0.1"],
  ["shared", "100.64.0.1 100.127.255.255"],
  [
    "metadata",
    "169.254.169.254 ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe fd00:ec2::254 100.100.100.200 168.63.129.16 169.254.170.2",
  ],
  ["multicast", "224.0.0.1 239.255.255.255 ff02::1"],
  ["unspecified", "0.0.0.0 0.1.2.3 :: ::ffff:0.0.0.0"],
  [
    "reserved",
    "192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 240.0.0.1 255.255.255.255 2001:db8::1 4000::1 100::1 2002:808:808::1 ::ffff:0:8.8.8.8 ::8.8.8.8",
  ],
  ["invalid", "localhost 127.1 0x7f.1 2130706433 1.2.3 256.1.1.1 [::1] ::g 1.2.3.4.5"],
];

describe("addressClass", () => {
  it.each(table)("class 23: %s: %s", (kind, addresses) => {
    for (const address of addresses.split(" "))
      expect([address, addressClass(address)]).toEqual([address, kind]);
  });

  it("class 23: calls an address the same in every way of writing it, and never throws", () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(byte, byte, byte, byte, (a, b, c, d) => {
        const dotted = `${a}.${b}.${c}.${d}`;
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        expect(addressClass(`::ffff:${hex}`)).toBe(addressClass(dotted));
        expect(addressClass(`64:FF9B::${hex}`)).toBe(addressClass(dotted));
        if (addressClass(dotted) !== "public") expect(addressClass(`2002:${hex}::1`)).not.toBe("public");
      }),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV6()), (text) => typeof addressClass(text) === "string"),
    );
  });
});
