/** The chunks joined; stops reading once there are `limit` bytes, so that the result is at most that long. */
export async function collectBytes(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    kept.push(chunk);
    length += chunk.length;
    if (length >= limit) break;
  }
  return Buffer.concat(kept).subarray(0, limit);
}
