import assert from "node:assert/strict";
import { readSse, type SseOptions } from "../../src/wire/sse.ts";
import { everyCut } from "../support/cuts.ts";

type Event = [name: string, data: string];

interface Seen {
  events: Event[];
  overflows: number;
}

function read(pieces: Iterable<Uint8Array>, maxEventBytes?: number): Seen {
  const seen: Seen = { events: [], overflows: 0 };
  return readInto(seen, pieces, { maxEventBytes });
}

/** Stray JSON is listed among the events. */
function readStrays(pieces: Iterable<Uint8Array>, maxEventBytes?: number): Seen {
  const seen: Seen = { events: [], overflows: 0 };
  const onStray = (data: Uint8Array) => seen.events.push(["stray", new TextDecoder().decode(data)]);
  return readInto(seen, pieces, { maxEventBytes, onStray });
}

function readInto(seen: Seen, pieces: Iterable<Uint8Array>, options: Partial<SseOptions>): Seen {
  const reader = readSse({
    onEvent: (data, name) => seen.events.push([name, new TextDecoder().decode(data)]),
    onOverflow: () => seen.overflows++,
    ...options,
  });
  for (const piece of pieces) {
    const handed = piece.slice();
    reader.push(handed);
    handed.fill(0x2a);
  }
  reader.end();
  return seen;
}

const cases: readonly (readonly [what: string, stream: string, events: Event[]])[] = [
  ["LF", "data: a\n\ndata: b\n\n", [["", "a"], ["", "b"]]],
  ["CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", [["", "a"], ["", "b"]]],
  ["CR", "data: a\r\rdata: b\r\r", [["", "a"], ["", "b"]]],
  ["mixed line ends", "data: a\r\n\ndata: b\r\r\ndata: c\n\r", [["", "a"], ["", "b"], ["", "c"]]],
  ["several data lines", "data: a\ndata:\ndata: b\n\n", [["", "a\n\nb"]]],
  ["comments", ": hello\n\n:\ndata: a\n: between\n\n", [["", "a"]]],
  ["a byte order mark", "\uFEFFdata: a\n\n", [["", "a"]]],
  ["a byte order mark alone on its line", "\uFEFF\ndata: a\n\n", [["", "a"]]],
  ["a second byte order mark is data of an unknown field", "\uFEFF\uFEFFdata: a\n\ndata: b\n\n", [["", "b"]]],
  ["no space, one space, two spaces", "data:a\n\ndata: b\n\ndata:  c\n\n", [["", "a"], ["", "b"], [
    "",
    " c",
  ]]],
  ["names", "event: ping\ndata: {}\n\ndata: a\n\n", [["ping", "{}"], ["", "a"]]],
  ["a name without data dispatches nothing and is forgotten", "event: ping\n\ndata: a\n\n", [["", "a"]]],
  ["a field without colon", "data\n\ndata\ndata\n\n", [["", ""], ["", "\n"]]],
  ["unknown fields", "id: 7\nretry: 10\ndatabase: x\ndata: a\n\n", [["", "a"]]],
  ["no blank line at the end", "data: a\n\ndata: b\n", [["", "a"], ["", "b"]]],
  ["no line end at the end", "data: a\n\ndata: b", [["", "a"], ["", "b"]]],
  ["UTF-8 of every length", "data: aé一🙂\n\nevent: é\ndata: 🙂\n\n", [["", "aé一🙂"], ["é", "🙂"]]],
  ["nothing", "", []],
  ["only line ends", "\n\r\n\r\r\n\n", []],
];

for (const [what, stream, expected] of cases) {
  Deno.test(`readSse() reads ${what}, however it is cut`, () => {
    for (const [cut, pieces] of everyCut(new TextEncoder().encode(stream))) {
      assert.deepEqual(read(pieces), { events: expected, overflows: 0 }, cut);
    }
  });
}

const strays: readonly (readonly [what: string, stream: string, pieces: Event[]])[] = [
  ["after the events", 'data: a\r\n\r\n{"error":1}', [["", "a"], ["stray", '{"error":1}']]],
  ["on several lines", 'data: a\n\n{\n  "error": {\n    "code": 1\n  }\n}\n', [
    ["", "a"],
    ["stray", '{\n  "error": {\n    "code": 1\n  }\n}'],
  ]],
  ["between events", 'data: a\n\n{"error":1}\n\ndata: b\n\n', [["", "a"], ["stray", '{"error":1}'], [
    "",
    "b",
  ]]],
  ["right before an event", '{"error":1}\nevent: x\ndata: b\n\n{"error":2}\ndata: c\n\n', [
    ["stray", '{"error":1}'],
    ["x", "b"],
    ["stray", '{"error":2}'],
    ["", "c"],
  ]],
  ["with braces and quotes in its strings", 'data: a\n\n{"a":"}\\"}\\\\","b":{"é":"{"}}\n\n', [
    ["", "a"],
    ["stray", '{"a":"}\\"}\\\\","b":{"é":"{"}}'],
  ]],
  ["one object after the other", '{"error":1}\n{"error":\n2}\n\n', [["stray", '{"error":1}'], [
    "stray",
    '{"error":\n2}',
  ]]],
  ["without what follows on its line", '{"error":1}data: x}\ndata: b\n\n', [["stray", '{"error":1}'], [
    "",
    "b",
  ]]],
  ["with lines that begin like fields", '{"a":\ndate,\neven}\n', [["stray", '{"a":\ndate,\neven}']]],
  ["that is cut short by an event", '{"a":{}\ndata: {"b":2}}\n\n', [["stray", '{"a":{}'], ["", '{"b":2}}']]],
  ["that is cut short by the end", 'data: a\n\n{"a":"}"', [["", "a"], ["stray", '{"a":"}"']]],
  ["within an event, not at all", 'data: a\n{"b":1}\n\nevent: x\n{"c":1}\n\n', [["", "a"]]],
  ["that is no object, not at all", 'oops\n[1]\n "a"\n\ndata: a\n\n', [["", "a"]]],
];

for (const [what, stream, expected] of strays) {
  Deno.test(`readSse() gives stray JSON ${what}, however it is cut`, () => {
    for (const [cut, pieces] of everyCut(new TextEncoder().encode(stream))) {
      assert.deepEqual(readStrays(pieces), { events: expected, overflows: 0 }, cut);
    }
  });
}

Deno.test("readSse() gives stray JSON at its closing brace, once", () => {
  for (const stray of ['{"error":{"code":1}}', '{\r\n  "error": {\n    "code": 1\n  }\n}']) {
    const strays: string[] = [];
    const reader = readSse({
      onEvent: () => {},
      onStray: (data) => strays.push(new TextDecoder().decode(data)),
    });
    for (const byte of new TextEncoder().encode(`data: a\n\n${stray}`)) {
      assert.deepEqual(strays, []);
      reader.push(new Uint8Array([byte]));
    }
    const expected = [stray.replaceAll("\r", "")];
    assert.deepEqual(strays, expected);
    reader.push(new TextEncoder().encode("\n\n"));
    reader.end();
    assert.deepEqual(strays, expected);
  }
});

Deno.test("readSse() passes over stray JSON beyond the bound, and reads the next event", () => {
  const stream = `{\n"a": "${"x".repeat(20)}",\n"b": "${"y".repeat(20)}"\n}\n\ndata: after\n\n`;
  for (const [cut, pieces] of everyCut(new TextEncoder().encode(stream))) {
    assert.deepEqual(readStrays(pieces, 40), { events: [["", "after"]], overflows: 1 }, cut);
  }
});

Deno.test("readSse() passes over events beyond the bound, counts them, and reads the next", () => {
  const stream = `data: ok\n\ndata: ${"x".repeat(50)}\ndata: more\nevent: big\n\ndata: after\n\n`;
  for (const [cut, pieces] of everyCut(new TextEncoder().encode(stream))) {
    assert.deepEqual(read(pieces, 40), { events: [["", "ok"], ["", "after"]], overflows: 1 }, cut);
  }
});

Deno.test("readSse() takes an event of just the bound in fragments", () => {
  const stream = `data: ${"x".repeat(39)}\n\n`;
  const bytes = new TextEncoder().encode(stream);
  const { overflows } = read([bytes], 40);
  assert.equal(overflows, 0);
});

Deno.test("readSse() keeps little of a line that never ends", () => {
  const before = Deno.memoryUsage().heapUsed;
  let overflows = 0;
  let passedOver = 0;
  const reader = readSse({
    onEvent: () => assert.fail("no event"),
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

Deno.test("readSse() passes over repetitions that lie whole in one piece, and over nothing else", () => {
  const same = new TextEncoder().encode("same");
  const endOfRepetition = (bytes: Uint8Array, at: number): number =>
    same.every((byte, i) => bytes[at + i] === byte) ? at + same.length : -1;
  const stream = [
    "data: first\n\n",
    "data: same\n\n",
    "data: same\n\n",
    "event: name\ndata: same\n\n",
    "data: nameless\n\n",
    "data: same\ndata: line\n\n",
    "data: same and more\n\n",
    "data: first\ndata: same\n\n",
    "data: same\r\n\r\n",
    "data: last\n\n",
    "data: same",
  ].join("");
  const shown = ([, data]: Event): boolean => data !== "same";
  const expected = read([new TextEncoder().encode(stream)]).events.filter(shown);
  for (const [cut, pieces] of everyCut(new TextEncoder().encode(stream))) {
    const { events } = readInto({ events: [], overflows: 0 }, pieces, { endOfRepetition });
    assert.deepEqual(events.filter(shown), expected, cut);
  }
  const { events } = readInto({ events: [], overflows: 0 }, [new TextEncoder().encode(stream)], {
    endOfRepetition,
  });
  assert.equal(events.length - expected.length, 2); // with CRLF, and without an end
});
