import assert from "node:assert/strict";
import { decodeHex } from "../../src/wire/hex.ts";

const cases: readonly (readonly [what: string, text: string, bytes: number[]])[] = [
  ["small and capital letters", "00ff7aFFaB", [0x00, 0xff, 0x7a, 0xff, 0xab]],
  ["nothing", "", []],
  ["an odd number of digits as none", "abc", []],
  ["a URL as none", "https://example.com/a.mp3", []],
  ["what stands beside the digits as none", "0/0:0@0G0`0g", []],
  ["letters of other scripts as none", "ａｂ", []],
];

for (const [what, text, bytes] of cases) {
  Deno.test(`decodeHex() reads ${what}`, () => {
    assert.deepEqual([...decodeHex(text)], bytes);
  });
}
