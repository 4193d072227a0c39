import assert from "node:assert/strict";
import { readEventFrames } from "../../src/wire/event_frames.ts";
import { everyCut } from "../support/cuts.ts";
import { eventMessage, signMessage } from "../support/event_stream.ts";

/** What was told, in order. */
function read(feed: (reader: ReturnType<typeof readEventFrames>) => void): unknown[] {
  const told: unknown[] = [];
  const text = (payload: Uint8Array): string => new TextDecoder().decode(payload);
  feed(readEventFrames({
    sent: (type, payload) => void told.push(["sent", type, text(payload)]),
    received: (type, payload) => void told.push(["received", type, text(payload)]),
    failed: (type, payload) => void told.push(["failed", type, text(payload)]),
    unread: () => void told.push("unread"),
    passOver: (bytes) => void told.push(`passed over ${bytes}`),
    closed: (code) => void told.push(["closed", code]),
  }));
  return told;
}

function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const going = join(
  eventMessage({ event: "AudioEvent", base64: btoa("abc") }, true),
  eventMessage({ event: "Unsigned", json: 1 }),
  eventMessage({ event: "AudioEvent", base64: "" }, true),
  signMessage(new Uint8Array(0)),
);
const coming = join(
  eventMessage({ event: "TranscriptEvent", json: { a: 1 } }),
  eventMessage({ exception: "BadRequestException", json: { Message: "no" } }),
);
const sent = [["sent", "AudioEvent", "abc"], ["sent", "Unsigned", "1"], ["sent", "AudioEvent", ""]];
const received = [["received", "TranscriptEvent", '{"a":1}'], [
  "failed",
  "BadRequestException",
  '{"Message":"no"}',
]];

Deno.test("readEventFrames() takes signatures off, and reads the same however messages are cut", () => {
  for (const [cut, pieces] of everyCut(going)) {
    assert.deepEqual(read((reader) => pieces.forEach((piece) => reader.sent(piece))), sent, cut);
  }
  for (const [cut, pieces] of everyCut(coming)) {
    assert.deepEqual(read((reader) => pieces.forEach((piece) => reader.received(piece))), received, cut);
  }
});

Deno.test("readEventFrames() keeps directions apart, and passes text and blobs over", () => {
  const told = read((reader) => {
    reader.sent(going.subarray(0, 30));
    reader.received(coming.subarray(0, 30));
    reader.sent("text");
    reader.received({ size: 3 });
    reader.sent(going.subarray(30));
    reader.received(coming.subarray(30));
    reader.closed?.(1000);
  });
  assert.deepEqual(told, [...sent, ...received, ["closed", 1000]]);
});

Deno.test("readEventFrames() begins anew with the frame after one that makes no sense", () => {
  const broken = coming.slice();
  broken[9] = broken[9]! ^ 1;
  const told = read((reader) => {
    reader.received(broken);
    reader.received(coming);
  });
  assert.deepEqual(told, ["unread", ...received]);
});
