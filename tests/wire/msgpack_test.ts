import assert from "node:assert/strict";
import { parseMsgpack } from "../../src/wire/msgpack.ts";
import { seededRandom } from "../support/cuts.ts";

const hex = (text: string): Uint8Array => Uint8Array.fromHex(text.replaceAll(" ", ""));
const text = (value: string): string => new TextEncoder().encode(value).toHex();

const cases: readonly (readonly [what: string, bytes: string, value: unknown])[] = [
  ["small numbers", "93 00 7f e0", [0, 127, -32]],
  ["unsigned numbers", "94 cc ff cd ffff ce ffffffff cf 0000000100000000", [255, 65535, 4294967295, 2 ** 32]],
  ["signed numbers", "94 d0 80 d1 8000 d2 80000000 d3 ffffffffffffffff", [-128, -32768, -(2 ** 31), -1]],
  ["floats", "92 ca 3fc00000 cb 3ff8000000000000", [1.5, 1.5]],
  ["nil and booleans", "93 c0 c2 c3", [null, false, true]],
  ["short text", `a6 ${text("é🙂")}`, "é🙂"],
  ["text of each length", `93 d9 01 61 da 0001 62 db 00000001 63`, ["a", "b", "c"]],
  ["binary of each length", "93 c4 01 01 c5 0001 02 c6 00000001 03", [hex("01"), hex("02"), hex("03")]],
  ["a map", `82 a1 61 01 a1 62 81 a1 63 02`, { a: 1, b: { c: 2 } }],
  ["maps of each length", `92 de 0001 a1 61 01 df 00000001 a1 62 02`, [{ a: 1 }, { b: 2 }]],
  ["lists of each length", "92 dc 0001 01 dd 00000001 02", [[1], [2]]],
  ["a map with odd keys", "83 01 02 c0 03 a1 61 04", { a: 4 }],
  ["a key that objects have", `81 a9 ${text("__proto__")} 01`, Object.fromEntries([["__proto__", 1]])],
  [
    "extensions, passed over",
    "95 d4 01 ff d6 01 ffffffff c7 02 01 ffff c8 0001 01 ff 05",
    [undefined, undefined, undefined, undefined, 5],
  ],
];

for (const [what, bytes, value] of cases) {
  Deno.test(`parseMsgpack() reads ${what}, and nothing of what is cut short`, () => {
    const whole = hex(bytes);
    assert.deepEqual(parseMsgpack(whole), value);
    for (let end = 0; end < whole.length; end++) {
      assert.equal(parseMsgpack(whole.subarray(0, end)), undefined, `${end} bytes`);
    }
  });
}

Deno.test("parseMsgpack() reads binary as a view, without a copy", () => {
  const bytes = hex("c4 02 0102");
  const value = parseMsgpack(bytes) as Uint8Array;
  assert.equal(value.buffer, bytes.buffer);
  assert.deepEqual(value, hex("0102"));
});

Deno.test("parseMsgpack() has bounds: a length that cannot be, a depth that need not be", () => {
  assert.equal(parseMsgpack(hex("dd ffffffff 01")), undefined);
  assert.equal(parseMsgpack(hex("df ffffffff 01")), undefined);
  assert.equal(parseMsgpack(hex("c6 ffffffff 01")), undefined);
  assert.equal(parseMsgpack(new Uint8Array(100_000).fill(0x91)), undefined);
});

Deno.test("parseMsgpack() reads garbage without throwing", () => {
  const random = seededRandom(1);
  for (let i = 0; i < 10_000; i++) {
    parseMsgpack(Uint8Array.from({ length: 40 }, () => Math.floor(random() * 256)));
  }
});
