import assert from "node:assert/strict";
import { readJsonLines } from "../../src/wire/json_lines.ts";
import { everyCut } from "../support/cuts.ts";

function read(pieces: Iterable<Uint8Array>, maxLineBytes?: number): { lines: string[]; overflows: number } {
  const seen = { lines: [] as string[], overflows: 0 };
  const reader = readJsonLines({
    // what space is left around a value is for JSON to pass over
    onLine: (data) => seen.lines.push(new TextDecoder().decode(data).trim()),
    onOverflow: () => seen.overflows++,
    maxLineBytes,
  });
  for (const piece of pieces) {
    const handed = piece.slice();
    reader.push(handed);
    handed.fill(0x2a);
  }
  reader.end();
  return seen;
}

const cases: readonly (readonly [what: string, stream: string, lines: string[]])[] = [
  ["LF", '{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
  ["CRLF", '{"a":1}\r\n{"b":2}\r\n', ['{"a":1}', '{"b":2}']],
  ["no line end at the end", '{"a":1}\n{"b":2}', ['{"a":1}', '{"b":2}']],
  ["blank lines", '\n\r\n{"a":1}\n \t\r\n\n{"b":2}\n\n', ['{"a":1}', '{"b":2}']],
  ["a CR within a line", '{"a":\r1}\n', ['{"a":\r1}']],
  ["UTF-8 of every length", '{"a":"aé一🙂"}\n"🙂"\n', ['{"a":"aé一🙂"}', '"🙂"']],
  ["line ends of Unicode within text", '"a\u2028b\u0085c"\n', ['"a\u2028b\u0085c"']],
  ["what is no JSON", "oops\n{}\n", ["oops", "{}"]],
  ["nothing", "", []],
  ["only line ends", "\n\r\n\n", []],
];

for (const [what, stream, expected] of cases) {
  Deno.test(`readJsonLines() reads ${what}, however it is cut`, () => {
    for (const [cut, pieces] of everyCut(new TextEncoder().encode(stream))) {
      assert.deepEqual(read(pieces), { lines: expected, overflows: 0 }, cut);
    }
  });
}

Deno.test("readJsonLines() passes over lines beyond the bound, counts them, and reads the next", () => {
  const stream = `"ok"\n"${"x".repeat(50)}"\n"after"\n"${"y".repeat(60)}"`;
  for (const [cut, pieces] of everyCut(new TextEncoder().encode(stream))) {
    assert.deepEqual(read(pieces, 40), { lines: ['"ok"', '"after"'], overflows: 2 }, cut);
  }
});

Deno.test("readJsonLines() takes a line of just the bound", () => {
  const line = new TextEncoder().encode(`"${"x".repeat(38)}"\n`);
  for (const [cut, pieces] of everyCut(line)) assert.equal(read(pieces, 40).overflows, 0, cut);
  for (const [cut, pieces] of everyCut(line)) assert.equal(read(pieces, 39).overflows, 1, cut);
});

Deno.test("readJsonLines() keeps little of a line that never ends", () => {
  const before = Deno.memoryUsage().heapUsed;
  let overflows = 0;
  let passedOver = 0;
  const reader = readJsonLines({
    onLine: () => assert.fail("no line"),
    onOverflow: () => overflows++,
    onPassOver: (bytes) => passedOver += bytes,
  });
  const piece = new Uint8Array(1024 * 1024).fill(0x61);
  for (let mebibytes = 0; mebibytes < 256; mebibytes++) reader.push(piece);
  reader.end();
  assert.equal(overflows, 1);
  assert.equal(passedOver, 256 * 1024 * 1024);
  assert.ok(Deno.memoryUsage().heapUsed - before < 32 * 1024 * 1024);
});
