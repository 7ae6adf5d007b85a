import type { ToolCallId } from "@claw/agent-core";

/** A call id in the alphabet that every vendor takes: `[A-Za-z0-9_-]`, at most 40 characters. The same id maps to the same text. */
export function vendorCallId(id: ToolCallId): string {
  return /^[A-Za-z0-9_-]{1,40}$/.test(id) ? id : shortened(id, 40);
}

/**
 * A call id of exactly nine letters and digits, which Mistral's API and the prompts of its models demand wherever they
 * run, and every other server takes.
 */
export function shortCallId(id: ToolCallId): string {
  if (/^[A-Za-z0-9]{9}$/.test(id)) return id;
  let rest = fnv1a(id);
  let short = "";
  while (short.length < 9) {
    short += digits.charAt(rest % digits.length);
    rest = Math.floor(rest / digits.length);
  }
  return short;
}

/** 62 of them: nine say 53 bits, one more than the hash has. */
const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A tool name in the alphabet that every vendor takes, at most 64 characters: a model may have written anything. */
export function vendorToolName(name: string): string {
  return /^[A-Za-z0-9_-]{1,64}$/.test(name) ? name : shortened(name, 64);
}

/** A name of an argument as Anthropic takes it: its alphabet has a dot, and ends at 64 characters. */
export function vendorKey(name: string): string {
  return /^[A-Za-z0-9_.-]{1,64}$/.test(name) ? name : shortened(name, 64);
}

/** What is legal of a text, and a digest of all of it so that different texts stay different. */
function shortened(text: string, limit: number): string {
  const digest = fnv1a(text).toString(36);
  return `${text.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, limit - digest.length - 1)}_${digest}`;
}

/** The FNV-1a hash, in 52 bits (what a number holds exactly). */
function fnv1a(text: string): number {
  let high = 0x811c9dc5;
  let low = 0x1000193;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 0x01000193) >>> 0;
    low = Math.imul(low ^ (code + index), 0x85ebca6b) >>> 0;
  }
  return (high & 0xfffff) * 2 ** 32 + low;
}
