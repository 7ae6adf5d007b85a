/** The mode of an entry that stands for another repository. */
const linkMode = 0o160000;

/**
 * The paths in a git index at which other repositories stand (submodules, and clones that were added as they are);
 * `undefined` where a part of the index lies in another file. Throws where it is no index (versions 2 to 4).
 */
export function indexLinks(bytes: Uint8Array, hashLength: 20 | 32): readonly string[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== signature("DIRC")) throw new Error("it is no index of git");
  const version = view.getUint32(4);
  if (version < 2 || version > 4) throw new Error(`an index of version ${version} is not known`);
  const links: string[] = [];
  let name: Uint8Array = new Uint8Array();
  let at = 12;
  for (let left = view.getUint32(8); left > 0; left -= 1) {
    const start = at;
    const mode = view.getUint32(at + 24);
    at += 40 + hashLength;
    const isExtended = (view.getUint16(at) & 0x4000) !== 0;
    at += isExtended ? 4 : 2;
    if (version === 4) {
      const [dropped, next] = variableNumber(bytes, at);
      const end = endOfName(bytes, next);
      const kept = name.subarray(0, name.length - dropped);
      name = new Uint8Array([...kept, ...bytes.subarray(next, end)]);
      at = end + 1;
    } else {
      const end = endOfName(bytes, at);
      name = bytes.subarray(at, end);
      // At least one NUL, up to a multiple of eight.
      at = start + Math.ceil((end + 1 - start) / 8) * 8;
    }
    if (mode === linkMode) links.push(new TextDecoder().decode(name));
  }
  for (; at + 8 <= bytes.length - hashLength; at += 8 + view.getUint32(at + 4)) {
    if (view.getUint32(at) === signature("link")) return undefined;
  }
  return links;
}

function endOfName(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(0, from);
  if (end < 0) throw new Error("it is no index of git: a name does not end");
  return end;
}

/** A number as git packs it: seven bits a byte, each further byte adding one. */
function variableNumber(bytes: Uint8Array, from: number): readonly [number, number] {
  let at = from;
  let byte = bytes[at] ?? 0;
  let value = byte & 127;
  while ((byte & 128) !== 0) {
    at += 1;
    byte = bytes[at] ?? 0;
    value = (value + 1) * 128 + (byte & 127);
  }
  return [value, at + 1];
}

function signature(text: string): number {
  return [...text].reduce((sum, letter) => sum * 256 + letter.charCodeAt(0), 0);
}
