/** A GGUF file (version 3) with a tiny language model of random weights; the same bytes for the same seed. */
export function makeTinyGguf(seed?: number): Uint8Array<ArrayBuffer>;
