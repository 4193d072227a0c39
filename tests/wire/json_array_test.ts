import assert from "node:assert/strict";
import { readJsonArray } from "../../src/wire/json_array.ts";
import { everyCut } from "../support/cuts.ts";

interface Seen {
  elements: string[];
  ends: number;
  overflows: number;
}

function read(pieces: Iterable<Uint8Array>, maxElementBytes?: number): Seen {
  const seen: Seen = { elements: [], ends: 0, overflows: 0 };
  const reader = readJsonArray({
    onElement: (data) => seen.elements.push(new TextDecoder().decode(data)),
    onEnd: () => seen.ends++,
    onOverflow: () => seen.overflows++,
    maxElementBytes,
  });
  for (const piece of pieces) {
    const handed = piece.slice();
    reader.push(handed);
    handed.fill(0x2a);
  }
  reader.end();
  return seen;
}

const cases: readonly (readonly [what: string, stream: string, elements: string[], ended?: boolean])[] = [
  ["objects", '[{"a":1},{"b":2}]', ['{"a":1}', '{"b":2}']],
  ["Google's line ends", '[{\r\n  "a": 1\r\n}\r\n,\r\n{\r\n  "b": 2\r\n}\r\n]\r\n', [
    '{\r\n  "a": 1\r\n}',
    '{\r\n  "b": 2\r\n}',
  ]],
  ["brackets, braces and commas in strings", '[{"a":"]}[{,"},{"b":"\\"]}"}]', [
    '{"a":"]}[{,"}',
    '{"b":"\\"]}"}',
  ]],
  ["escapes of escapes", '[{"a":"\\\\"},{"b":"\\\\\\""},{"c":"\\u005d"}]', [
    '{"a":"\\\\"}',
    '{"b":"\\\\\\""}',
    '{"c":"\\u005d"}',
  ]],
  ["depth", '[{"a":[{"b":[[]]}]},[1,[2]]]', ['{"a":[{"b":[[]]}]}', "[1,[2]]"]],
  ["what is neither object nor array", '[ 1 ,-2.5e3,"a, b",true,null ]', [
    "1",
    "-2.5e3",
    '"a, b"',
    "true",
    "null",
  ]],
  ["UTF-8 of every length", '[{"aé一🙂":"🙂"},"é"]', ['{"aé一🙂":"🙂"}', '"é"']],
  ["space before it", ' \r\n\t[{"a":1}]', ['{"a":1}']],
  ["what follows it, not at all", '[{"a":1}],{"b":2}]["c"]', ['{"a":1}']],
  ["no elements", "[ ]", []],
  ["an array that is cut in an element", '[{"a":1},{"b":', ['{"a":1}'], false],
  ["an array that is cut between elements", '[{"a":1},', ['{"a":1}'], false],
  ["nothing", "", [], false],
];

for (const [what, stream, elements, ended = true] of cases) {
  Deno.test(`readJsonArray() reads ${what}, however it is cut`, () => {
    for (const [cut, pieces] of everyCut(new TextEncoder().encode(stream))) {
      assert.deepEqual(read(pieces), { elements, ends: ended ? 1 : 0, overflows: 0 }, cut);
    }
  });
}

Deno.test("readJsonArray() gives an object before what follows it has come", () => {
  const elements: string[] = [];
  const reader = readJsonArray({ onElement: (data) => elements.push(new TextDecoder().decode(data)) });
  reader.push(new TextEncoder().encode('[{"a":1}'));
  assert.deepEqual(elements, ['{"a":1}']);
});

Deno.test("readJsonArray() passes over elements beyond the bound, counts them, and reads the next", () => {
  const stream = `["ok",{"a":"${"x".repeat(40)}"},{"b":2},[${"1,".repeat(30)}1],"after"]`;
  for (const [cut, pieces] of everyCut(new TextEncoder().encode(stream))) {
    assert.deepEqual(
      read(pieces, 40),
      { elements: ['"ok"', '{"b":2}', '"after"'], ends: 1, overflows: 2 },
      cut,
    );
  }
});

Deno.test("readJsonArray() takes an element of just the bound", () => {
  const stream = new TextEncoder().encode(`[{"a":"${"x".repeat(32)}"}]`);
  for (const [cut, pieces] of everyCut(stream)) assert.equal(read(pieces, 40).overflows, 0, cut);
  for (const [cut, pieces] of everyCut(stream)) assert.equal(read(pieces, 39).overflows, 1, cut);
});

Deno.test("readJsonArray() keeps little of an element that never ends", () => {
  const before = Deno.memoryUsage().heapUsed;
  let overflows = 0;
  let passedOver = 0;
  const reader = readJsonArray({
    onElement: () => assert.fail("no element"),
    onOverflow: () => overflows++,
    onPassOver: (bytes) => passedOver += bytes,
  });
  reader.push(new TextEncoder().encode('["'));
  const piece = new Uint8Array(1024 * 1024).fill(0x61);
  for (let mebibytes = 0; mebibytes < 64; mebibytes++) reader.push(piece);
  reader.end();
  assert.equal(overflows, 1);
  assert.equal(passedOver, 64 * 1024 * 1024 + 1);
  assert.ok(Deno.memoryUsage().heapUsed - before < 32 * 1024 * 1024);
});
