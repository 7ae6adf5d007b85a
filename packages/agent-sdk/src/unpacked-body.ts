import type { IncomingMessage } from "node:http";

/** The packings that Node can undo, by the names that servers give them. */
const packings: ReadonlySet<string> = new Set(["gzip", "x-gzip", "deflate", "br"]);

/** The bytes of an answer: some servers and proxies pack them although nobody asked for it. Who reads bounds what comes out. */
export function unpackedBody(incoming: IncomingMessage): AsyncIterable<Uint8Array> {
  const packing = incoming.headers["content-encoding"]?.trim().toLowerCase() ?? "";
  if (packing === "" || packing === "identity") return incoming;
  if (packings.has(packing)) return unpacked(incoming, packing);
  // Read as it is it would be noise, and a reply that is never whole.
  return incoming.destroy(new Error(`it is packed as ${packing.slice(0, 40)}, which was not asked for`));
}

async function* unpacked(incoming: IncomingMessage, packing: string): AsyncGenerator<Uint8Array> {
  // A part of Node that takes long to load, and that hardly anybody needs.
  const { createBrotliDecompress, createUnzip } = await import("node:zlib");
  const unpacking = packing === "br" ? createBrotliDecompress() : createUnzip();
  incoming.on("error", (error) => unpacking.destroy(error));
  incoming.on("close", () => {
    if (!incoming.readableEnded) unpacking.destroy(new Error("The connection was closed."));
  });
  incoming.pipe(unpacking);
  try {
    yield* unpacking;
  } finally {
    if (!incoming.readableEnded) incoming.destroy();
  }
}
