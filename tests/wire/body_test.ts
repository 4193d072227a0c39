import assert from "node:assert/strict";
import { readBody } from "../../src/wire/body.ts";
import { MAX_PIECE_BYTES } from "../../src/wire/sse.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(type: string | null, ...pieces: Uint8Array[]): string[] {
  const seen: string[] = [];
  const headers = new Headers(type === null ? {} : { "content-type": type });
  const text = (data: Uint8Array): string => new TextDecoder().decode(data);
  const reader = readBody({ status: 200, headers }, {
    onEvent: (data) => seen.push(`event ${text(data)}`),
    onDocument: (data) => seen.push(`document ${text(data)}`),
    onOverflow: () => seen.push("overflow"),
    onStream: () => seen.push("stream"),
    onStreamEnd: () => seen.push("stream end"),
  });
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return seen;
}

Deno.test("readBody() goes by the type", () => {
  assert.deepEqual(read("text/event-stream", bytes("data: a\n\n")), ["stream", "event a", "stream end"]);
  assert.deepEqual(read("Text/Event-Stream; charset=utf-8", bytes("data: a")), [
    "stream",
    "event a",
    "stream end",
  ]);
  assert.deepEqual(read("application/json", bytes("{}")), ["document {}"]);
  assert.deepEqual(read("text/html", bytes("<html>")), ["document <html>"]);
});

Deno.test("readBody() goes by the first bytes where the type misleads or is missing", () => {
  assert.deepEqual(read("text/event-stream", bytes('{"error":{}}')), ['document {"error":{}}']);
  assert.deepEqual(read("text/event-stream", bytes("\n \n"), bytes("[1]")), ["document [1]"]);
  assert.deepEqual(read(null, bytes("data: a\n\n")), ["stream", "event a", "stream end"]);
  assert.deepEqual(read(null, bytes("{}")), ["document {}"]);
});

Deno.test("readBody() reads an array as its elements where someone takes those", () => {
  const readArray = (...pieces: string[]): string[] => {
    const seen: string[] = [];
    const text = (data: Uint8Array): string => new TextDecoder().decode(data);
    const reader = readBody({ status: 200, headers: new Headers({ "content-type": "application/json" }) }, {
      onEvent: () => seen.push("event"),
      onDocument: (data) => seen.push(`document ${text(data)}`),
      onElement: (data) => seen.push(`element ${text(data)}`),
      onArrayEnd: () => seen.push("array end"),
      onOverflow: () => seen.push("overflow"),
      onStreamEnd: () => seen.push("stream end"),
    });
    for (const piece of pieces) reader.push(bytes(piece));
    reader.end();
    return seen;
  };
  assert.deepEqual(readArray('[{"a":', "1}", ",{}", "]\n"), ['element {"a":1}', "element {}", "array end"]);
  assert.deepEqual(readArray("[{},"), ["element {}", "stream end"]);
  assert.deepEqual(readArray("{}"), ["document {}"]);
});

Deno.test("readBody() says nothing of an empty body", () => {
  assert.deepEqual(read("text/event-stream"), []);
  assert.deepEqual(read("application/json", bytes("\n\n")), []);
});

Deno.test("readBody() gives up a document beyond the bound, once", () => {
  const half = new Uint8Array(MAX_PIECE_BYTES / 2).fill(0x5b);
  assert.deepEqual(read("application/json", half, half, half, half), ["overflow"]);
});

Deno.test("readBody() reads lines of JSON where the type says so", () => {
  for (
    const type of ["application/x-ndjson", "application/jsonl", "application/stream+json; charset=utf-8"]
  ) {
    assert.deepEqual(read(type, bytes('\n{"a":1}\n{"b"'), bytes(":2}")), [
      "stream",
      'event {"a":1}',
      'event {"b":2}',
      "stream end",
    ]);
  }
});

Deno.test("readBody() reads JSON as lines where the format says so, but no refusals and nothing else", () => {
  const readLines = (type: string, body: string, status = 200): string[] => {
    const seen: string[] = [];
    const text = (data: Uint8Array): string => new TextDecoder().decode(data);
    const reader = readBody({ status, headers: new Headers({ "content-type": type }) }, {
      jsonLines: true,
      onEvent: (data) => seen.push(`event ${text(data)}`),
      onDocument: (data) => seen.push(`document ${text(data)}`),
      onOverflow: () => seen.push("overflow"),
      onStream: () => seen.push("stream"),
      onStreamEnd: () => seen.push("stream end"),
    });
    reader.push(bytes(body));
    reader.end();
    return seen;
  };
  assert.deepEqual(readLines("application/json", '{"a":1}\n{"b":2}\n'), [
    'event {"a":1}',
    'event {"b":2}',
    "stream end",
  ]);
  assert.deepEqual(readLines("application/json", '{"a":1}'), ['event {"a":1}', "stream end"]);
  assert.deepEqual(readLines("application/json", '{\n"error":1}', 404), ['document {\n"error":1}']);
  assert.deepEqual(readLines("text/html", "<html>"), ["document <html>"]);
});
