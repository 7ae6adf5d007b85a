import { generateKeyPairSync, sign } from "node:crypto";

/** Of a server that nobody but its maker vouches for. PEM, both. */
export interface SelfMadeCertificate {
  readonly key: string;
  /** Also the authority to trust: `NODE_EXTRA_CA_CERTS` takes a file of it. */
  readonly certificate: string;
}

/** Made anew for each test, so that no key lies in the repository. Holds for these names and IPv4 addresses, until 2049. */
export function selfMadeCertificate(names: readonly string[]): SelfMadeCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const name = sequence(set(sequence(identifier(commonName), utf8("claw test"))));
  const body = sequence(
    tagged(0xa0, integer(2)), // version 3
    integer(1),
    sequence(identifier(ecdsaWithSha256)),
    name,
    sequence(time("200101000000Z"), time("491231235959Z")),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(extension(basicConstraints, sequence(boolean(true))), alternativeNames(names))),
  );
  const signature = sign("sha256", body, privateKey);
  const certificate = sequence(body, sequence(identifier(ecdsaWithSha256)), bits(signature));
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64")}\n-----END CERTIFICATE-----\n`,
  };
}

/** Object identifiers, as DER has them. */
const commonName = [0x55, 4, 3];
const subjectAltName = [0x55, 0x1d, 0x11];
const basicConstraints = [0x55, 0x1d, 0x13];
const ecdsaWithSha256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];

function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const head = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), body]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => tagged(0x30, ...parts);
const set = (...parts: readonly Uint8Array[]): Buffer => tagged(0x31, ...parts);
const integer = (value: number): Buffer => tagged(2, Buffer.from([value]));
const boolean = (value: boolean): Buffer => tagged(1, Buffer.from([value ? 0xff : 0]));
const identifier = (bytes: readonly number[]): Buffer => tagged(6, Buffer.from(bytes));
const utf8 = (text: string): Buffer => tagged(0x0c, Buffer.from(text));
const time = (text: string): Buffer => tagged(0x17, Buffer.from(text));
const bits = (bytes: Uint8Array): Buffer => tagged(3, Buffer.from([0]), bytes);

function extension(kind: readonly number[], value: Uint8Array): Buffer {
  return sequence(identifier(kind), tagged(4, value));
}

function alternativeNames(names: readonly string[]): Buffer {
  const entries = names.map((name) =>
    /^[\d.]+$/.test(name)
      ? tagged(0x87, Buffer.from(name.split(".").map(Number)))
      : tagged(0x82, Buffer.from(name)),
  );
  return extension(subjectAltName, sequence(...entries));
}
