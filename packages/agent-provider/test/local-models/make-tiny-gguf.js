// Writes a tiny language model with random weights: a GGUF file (version 3) of a one-layer Llama with a vocabulary of
// bytes. It says nonsense, but it is a real model that loads in half a second and needs no download.
//
//   node make-tiny-gguf.js tiny.gguf
//
// Source of the format: ggml-org/ggml, docs/gguf.md.

import { writeFileSync } from "node:fs";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

const width = 32;
const heads = 2;
const hidden = 64;
const contextTokens = 4096;
const alignment = 32;

/** Three special tokens, then one for each byte. */
const tokens = ["<unk>", "<s>", "</s>"];
for (let byte = 0; byte < 256; byte++) {
  tokens.push(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
}
const tokenTypes = tokens.map((_, index) => (index === 0 ? 2 : index < 3 ? 3 : 6));

const types = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 };

/** The same file for the same seed. */
export function makeTinyGguf(seed = 1) {
  const random = generator(seed);
  const metadata = [
    ["general.architecture", string("llama")],
    ["general.name", string("tiny")],
    ["general.alignment", u32(alignment)],
    ["llama.context_length", u32(contextTokens)],
    ["llama.embedding_length", u32(width)],
    ["llama.block_count", u32(1)],
    ["llama.feed_forward_length", u32(hidden)],
    ["llama.attention.head_count", u32(heads)],
    ["llama.attention.head_count_kv", u32(heads)],
    ["llama.attention.layer_norm_rms_epsilon", f32(1e-5)],
    ["llama.rope.dimension_count", u32(width / heads)],
    ["llama.vocab_size", u32(tokens.length)],
    ["tokenizer.ggml.model", string("llama")],
    ["tokenizer.ggml.tokens", array(types.string, tokens.map(text))],
    [
      "tokenizer.ggml.scores",
      array(
        types.f32,
        tokens.map(() => number(4, "setFloat32", 0)),
      ),
    ],
    [
      "tokenizer.ggml.token_type",
      array(
        types.i32,
        tokenTypes.map((type) => number(4, "setInt32", type)),
      ),
    ],
    ["tokenizer.ggml.bos_token_id", u32(1)],
    ["tokenizer.ggml.eos_token_id", u32(2)],
    ["tokenizer.ggml.unknown_token_id", u32(0)],
    ["tokenizer.ggml.add_bos_token", [number(4, "setUint32", types.bool), Uint8Array.of(1)]],
    ["tokenizer.ggml.add_space_prefix", [number(4, "setUint32", types.bool), Uint8Array.of(0)]],
  ];
  const tensors = [
    ["token_embd.weight", [width, tokens.length]],
    ["output_norm.weight", [width]],
    ["output.weight", [width, tokens.length]],
    ["blk.0.attn_norm.weight", [width]],
    ["blk.0.attn_q.weight", [width, width]],
    ["blk.0.attn_k.weight", [width, width]],
    ["blk.0.attn_v.weight", [width, width]],
    ["blk.0.attn_output.weight", [width, width]],
    ["blk.0.ffn_norm.weight", [width]],
    ["blk.0.ffn_gate.weight", [width, hidden]],
    ["blk.0.ffn_up.weight", [width, hidden]],
    ["blk.0.ffn_down.weight", [hidden, width]],
  ].map(([name, shape]) => ({ name, shape, data: weights(shape, random) }));

  const head = [
    new TextEncoder().encode("GGUF"),
    number(4, "setUint32", 3),
    u64(tensors.length),
    u64(metadata.length),
  ];
  for (const [key, value] of metadata) head.push(text(key), ...value);
  let offset = 0;
  for (const { name, shape, data } of tensors) {
    head.push(
      text(name),
      number(4, "setUint32", shape.length),
      ...shape.map(u64),
      number(4, "setUint32", 0),
      u64(offset),
    );
    offset += padded(data.length);
  }
  const start = concat(head);
  return concat([
    start,
    padding(start.length),
    ...tensors.flatMap(({ data }) => [data, padding(data.length)]),
  ]);
}

/** Norms are one; all else is small and random. */
function weights(shape, random) {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let index = 0; index < values.length; index++)
    values[index] = shape.length === 1 ? 1 : (random() - 0.5) * 0.8;
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => void view.setFloat32(index * 4, value, true));
  return bytes;
}

/** A linear congruential generator (Numerical Recipes): numbers in [0, 1). */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function number(size, method, value) {
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer)[method](0, value, true);
  return bytes;
}

function u64(value) {
  return number(8, "setBigUint64", BigInt(value));
}

function text(value) {
  const bytes = new TextEncoder().encode(value);
  return concat([u64(bytes.length), bytes]);
}

function u32(value) {
  return [number(4, "setUint32", types.u32), number(4, "setUint32", value)];
}

function f32(value) {
  return [number(4, "setUint32", types.f32), number(4, "setFloat32", value)];
}

function string(value) {
  return [number(4, "setUint32", types.string), text(value)];
}

function array(type, items) {
  return [number(4, "setUint32", types.array), number(4, "setUint32", type), u64(items.length), ...items];
}

function padded(length) {
  return Math.ceil(length / alignment) * alignment;
}

function padding(length) {
  return new Uint8Array(padded(length) - length);
}

function concat(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(argv[2] ?? "tiny.gguf", makeTinyGguf(), { mode: 0o600 });
}
