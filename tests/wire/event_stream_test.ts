import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { type EventStreamValue, readEventStream } from "../../src/wire/event_stream.ts";
import { everyCut, randomPieces } from "../support/cuts.ts";

const text = new TextEncoder();

/** A message by the field table, with the checksums of an independent implementation. */
function message(headers: Uint8Array, payload: Uint8Array, headersLength = headers.length): Uint8Array {
  const bytes = new Uint8Array(16 + headers.length + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length);
  view.setUint32(4, headersLength);
  view.setUint32(8, crc32(bytes.subarray(0, 8)));
  bytes.set(headers, 12);
  bytes.set(payload, 12 + headers.length);
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)));
  return bytes;
}

function header(name: string, type: number, ...value: number[]): Uint8Array {
  return Uint8Array.of(text.encode(name).length, ...text.encode(name), type, ...value);
}

function textHeader(name: string, value: string): Uint8Array {
  const bytes = text.encode(value);
  return header(name, 7, bytes.length >> 8, bytes.length & 0xff, ...bytes);
}

function concat(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

interface Seen {
  messages: [headers: [string, EventStreamValue][], payload: string][];
  overflows: number;
  broken: number;
}

function read(pieces: Iterable<Uint8Array>, maxMessageBytes?: number): Seen {
  const seen: Seen = { messages: [], overflows: 0, broken: 0 };
  const reader = readEventStream({
    onMessage: (headers, payload) =>
      seen.messages.push([
        [...headers].map(([name, value]) => [name, value instanceof Uint8Array ? value.slice() : value]),
        new TextDecoder().decode(payload),
      ]),
    onOverflow: () => seen.overflows++,
    onBroken: () => seen.broken++,
    maxMessageBytes,
  });
  for (const piece of pieces) {
    const handed = piece.slice();
    reader.push(handed);
    handed.fill(0x2a);
  }
  reader.end();
  return seen;
}

const named = (name: string, payload: string): Uint8Array =>
  message(
    concat(textHeader(":message-type", "event"), textHeader(":event-type", name)),
    text.encode(payload),
  );
const event = (name: string, payload: string): Seen["messages"][number] => [
  [[":message-type", "event"], [":event-type", name]],
  payload,
];

Deno.test("readEventStream() reads a message that others wrote", () => {
  // a message of AWS's own test vectors: one header, a payload
  const known =
    "000000 3d 000000 20 07fd8396 0c 636f6e74656e742d74797065 07 0010 6170706c69636174696f6e2f6a736f6e 7b27666f6f273a27626172277d 8d9c08b1";
  const { messages, broken } = read([Uint8Array.fromHex(known.replaceAll(" ", ""))]);
  assert.equal(broken, 0);
  assert.deepEqual(messages, [[[["content-type", "application/json"]], "{'foo':'bar'}"]]);
});

Deno.test("readEventStream() reads messages, however they are cut", () => {
  const stream = concat(
    named("messageStart", '{"role":"é🙂"}'),
    message(new Uint8Array(0), new Uint8Array(0)),
    named("messageStop", ""),
  );
  for (const [cut, pieces] of everyCut(stream)) {
    assert.deepEqual(read(pieces), {
      messages: [event("messageStart", '{"role":"é🙂"}'), [[], ""], event("messageStop", "")],
      overflows: 0,
      broken: 0,
    }, cut);
  }
});

Deno.test("readEventStream() reads header values of all types", () => {
  const headers = concat(
    header("true", 0),
    header("false", 1),
    header("byte", 2, 0xff),
    header("int16", 3, 0xff, 0xfe),
    header("int32", 4, 0x80, 0, 0, 0),
    header("int64", 5, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
    header("bytes", 6, 0, 3, 1, 2, 3),
    textHeader("text", "grüezi"),
    header("no text", 7, 0, 0),
    header("time", 8, 0, 0, 1, 0x99, 0, 0, 0, 0),
    header("uuid", 9, ...Uint8Array.fromHex("0123456789abcdef0123456789abcdef")),
    header("", 0),
  );
  for (const [cut, pieces] of everyCut(message(headers, text.encode("x")))) {
    assert.deepEqual(read(pieces).messages, [[[
      ["true", true],
      ["false", false],
      ["byte", -1],
      ["int16", -2],
      ["int32", -2147483648],
      ["int64", 9223372036854775807n],
      ["bytes", Uint8Array.of(1, 2, 3)],
      ["text", "grüezi"],
      ["no text", ""],
      ["time", new Date(0x199 * 2 ** 32)],
      ["uuid", "01234567-89ab-cdef-0123-456789abcdef"],
      ["", true],
    ], "x"]], cut);
  }
});

Deno.test("readEventStream() stops at any byte that is wrong, and never throws", () => {
  const first = named("a", "1");
  const second = named("b", "22");
  const stream = concat(first, second, named("c", "333"));
  for (let at = 0; at < second.length; at++) {
    for (const bit of [0x01, 0x80]) {
      const wrong = stream.slice();
      wrong[first.length + at]! ^= bit;
      for (const pieces of [[wrong], randomPieces(wrong, at)]) {
        assert.deepEqual(
          read(pieces),
          { messages: [event("a", "1")], overflows: 0, broken: 1 },
          `byte ${at}`,
        );
      }
    }
  }
});

Deno.test("readEventStream() stops at lengths and headers that cannot be, though their checksums are right", () => {
  const prelude = (total: number, headers: number): Uint8Array => {
    const bytes = new Uint8Array(16);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, total);
    view.setUint32(4, headers);
    view.setUint32(8, crc32(bytes.subarray(0, 8)));
    return bytes;
  };
  const stop = { messages: [], overflows: 0, broken: 1 };
  const odd: Record<string, Uint8Array> = {
    "no length": prelude(0, 0),
    "shorter than what it must hold": prelude(15, 0),
    "headers longer than the message": prelude(20, 5),
    "a name beyond the headers": message(Uint8Array.of(9, 0x61), new Uint8Array(0)),
    "a value beyond the headers": message(header("a", 7, 0, 9), text.encode("payload of some length")),
    "a number beyond the headers": message(header("a", 5, 1, 2), text.encode("payload of some length")),
    "a UUID beyond the headers": message(header("a", 9, 1, 2), text.encode("payload of some length")),
    "a type that there is not": message(header("a", 10), new Uint8Array(0)),
  };
  for (const [what, bytes] of Object.entries(odd)) {
    for (const [cut, pieces] of everyCut(concat(bytes, named("after", "")), 5)) {
      assert.deepEqual(read(pieces), stop, `${what}, ${cut}`);
    }
  }
});

Deno.test("readEventStream() passes over messages beyond the bound, counts them, and reads the next", () => {
  const stream = concat(named("a", "1"), named("big", "x".repeat(200)), named("b", "2"));
  for (const [cut, pieces] of everyCut(stream)) {
    assert.deepEqual(
      read(pieces, 100),
      { messages: [event("a", "1"), event("b", "2")], overflows: 1, broken: 0 },
      cut,
    );
  }
});

Deno.test("readEventStream() takes a message of just the bound", () => {
  const bytes = named("a", "x".repeat(40));
  assert.deepEqual(read([bytes], bytes.length), {
    messages: [event("a", "x".repeat(40))],
    overflows: 0,
    broken: 0,
  });
  assert.equal(read([bytes], bytes.length - 1).overflows, 1);
});

Deno.test("readEventStream() drops a message that the end cuts short", () => {
  const stream = concat(named("a", "1"), named("b", "2"));
  assert.deepEqual(read([stream.subarray(0, -1)]), {
    messages: [event("a", "1")],
    overflows: 0,
    broken: 0,
  });
});

Deno.test("readEventStream() keeps little of a message that is all there is", () => {
  const head = new Uint8Array(12);
  const view = new DataView(head.buffer);
  view.setUint32(0, 0xffffffff);
  view.setUint32(8, crc32(head.subarray(0, 8)));
  const before = Deno.memoryUsage().heapUsed;
  let overflows = 0;
  let passedOver = 0;
  const reader = readEventStream({
    onMessage: () => assert.fail("no message"),
    onOverflow: () => overflows++,
    onPassOver: (bytes) => passedOver += bytes,
  });
  reader.push(head);
  const piece = new Uint8Array(1024 * 1024);
  for (let mebibytes = 0; mebibytes < 256; mebibytes++) reader.push(piece);
  reader.end();
  assert.equal(overflows, 1);
  assert.equal(passedOver, 12 + 256 * 1024 * 1024);
  assert.ok(Deno.memoryUsage().heapUsed - before < 32 * 1024 * 1024);
});
