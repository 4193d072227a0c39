/** Odd contents: what providers never should send, and what looks almost like what they do. */

import fc from "fast-check";
import { join } from "../../src/wire/held.ts";

const text = new TextEncoder();

/** Values that stand where others should. */
const ODD: readonly unknown[] = [
  null,
  0,
  -1,
  1e300,
  "",
  "0",
  "{}",
  "\u0000\ud800",
  "x".repeat(700),
  [],
  [null],
  {},
  { __proto__: null },
  true,
];

/** A change to a piece of content. */
export type Change =
  | { readonly kind: "cut"; readonly at: number }
  | { readonly kind: "flip"; readonly at: number; readonly byte: number }
  | { readonly kind: "repeat"; readonly at: number; readonly times: number }
  | { readonly kind: "insert"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: "spoil"; readonly picks: readonly number[] };

/** A place, as a share of the whole in thousandths. */
const place = fc.nat(1000);

/** Changes to content. */
export const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant("cut" as const), at: place }),
  fc.record({ kind: fc.constant("flip" as const), at: place, byte: fc.nat(255) }),
  fc.record({ kind: fc.constant("repeat" as const), at: place, times: fc.integer({ min: 2, max: 4 }) }),
  fc.record({ kind: fc.constant("insert" as const), at: place, bytes: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({
    kind: fc.constant("spoil" as const),
    picks: fc.array(fc.nat(), { minLength: 1, maxLength: 8 }),
  }),
);

/** The bytes with changes made to them. */
export function changed(bytes: Uint8Array, changes: readonly Change[]): Uint8Array<ArrayBuffer> {
  let result = bytes.slice();
  for (const one of changes) result = changedOnce(result, one);
  return result;
}

function changedOnce(bytes: Uint8Array<ArrayBuffer>, one: Change): Uint8Array<ArrayBuffer> {
  if (one.kind === "spoil") return text.encode(spoilText(new TextDecoder().decode(bytes), one.picks));
  const at = Math.floor((bytes.length * one.at) / 1000);
  if (one.kind === "cut") return bytes.slice(0, at);
  if (one.kind === "flip") {
    if (at < bytes.length) bytes[at] = one.byte;
    return bytes;
  }
  const added = one.kind === "insert" ? [one.bytes] : Array<Uint8Array>(one.times).fill(bytes.slice(at));
  return join([bytes.slice(0, at), ...added, ...one.kind === "insert" ? [bytes.slice(at)] : []]);
}

/** The text with values of its JSON replaced, line by line where it is a stream. */
export function spoilText(content: string, picks: readonly number[]): string {
  let at = 0;
  const next = (): number => picks[at++ % picks.length]! + at;
  const spoilJson = (json: string): string => {
    try {
      return JSON.stringify(spoil(JSON.parse(json), next)) ?? "";
    } catch {
      return json;
    }
  };
  const whole = spoilJson(content);
  return whole === content ? content.replace(/\{.*\}/g, spoilJson) : whole;
}

function spoil(value: unknown, next: () => number): unknown {
  if (next() % 9 === 0) return ODD[next() % ODD.length];
  if (Array.isArray(value)) return value.map((item) => spoil(item, next));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, spoil(item, next)]));
}
