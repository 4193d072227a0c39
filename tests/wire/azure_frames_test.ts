import assert from "node:assert/strict";
import { azureJson, readAzureMessage } from "../../src/wire/azure_frames.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function binary(header: string, body: Uint8Array, headerBytes = header.length): Uint8Array {
  return new Uint8Array([headerBytes >> 8, headerBytes & 0xff, ...encode(header), ...body]);
}

Deno.test("readAzureMessage() reads a frame of text, whatever the case of its names", () => {
  const frame = 'PATH: turn.Start\r\nx-requestid:AB12\r\nX-Timestamp: 2026\r\n\r\n{"context":{}}\r\n\r\nmore';
  const message = readAzureMessage(frame);
  assert.deepEqual([message.path, message.requestId], ["turn.start", "AB12"]);
  assert.equal(message.text, '{"context":{}}\r\n\r\nmore');
  assert.equal(message.bytes.length, 0);
});

Deno.test("readAzureMessage() reads a frame of bytes, whose body is a view of it", () => {
  const frame = binary("Path: audio\r\nX-RequestId: AB12\r\n", new Uint8Array([1, 2, 3]));
  const message = readAzureMessage(frame);
  assert.deepEqual([message.path, message.requestId, [...message.bytes]], ["audio", "AB12", [1, 2, 3]]);
  assert.equal(message.bytes.buffer, frame.buffer);
});

Deno.test("readAzureMessage() gives no path where there is no message", () => {
  const odd = [
    ...["", "no header at all", "\r\n\r\n"],
    ...[new Uint8Array(0), new Uint8Array(1), new Uint8Array(2), binary("Path", new Uint8Array(0), 9999)],
    { size: 12 },
  ];
  for (const frame of odd) {
    const { path, requestId } = readAzureMessage(frame);
    assert.deepEqual([path, requestId], ["", ""], String(frame));
  }
});

Deno.test("azureJson() reads the body of either, or nothing", () => {
  assert.deepEqual(azureJson(readAzureMessage('Path: x\r\n\r\n{"a":1}')), { a: 1 });
  assert.deepEqual(azureJson(readAzureMessage(binary("Path: x\r\n", encode('{"a":2}')))), { a: 2 });
  for (const body of ["", "[1]", "{", "null"]) {
    assert.equal(azureJson(readAzureMessage(`Path: x\r\n\r\n${body}`)), undefined);
  }
});
