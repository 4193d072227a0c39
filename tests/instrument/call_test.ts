import assert from "node:assert/strict";
import { callRequest, readCall } from "../../src/instrument/call.ts";

function bodyOf(body: BodyInit) {
  const { json, text, bytes } = callRequest(readCall("https://tts.example/", { method: "POST", body })!);
  return { json, text, bytes };
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

Deno.test("callRequest() parses JSON, as text and as bytes", () => {
  const parsed = { json: { a: 1 }, text: undefined, bytes: undefined };
  assert.deepEqual(bodyOf('{"a":1}'), parsed);
  assert.deepEqual(bodyOf(bytesOf('{"a":1}')), parsed);
});

Deno.test("callRequest() shows what is short and no JSON, bytes as a copy", () => {
  assert.deepEqual(bodyOf("<speak>Hi</speak>"), {
    json: undefined,
    text: "<speak>Hi</speak>",
    bytes: undefined,
  });
  const bytes = bytesOf("<speak>Hi</speak>");
  const shown = bodyOf(bytes);
  bytes.fill(0);
  assert.deepEqual(shown, { json: undefined, text: undefined, bytes: bytesOf("<speak>Hi</speak>") });
});

Deno.test("callRequest() shows nothing of what is long, or is read by others", () => {
  const nothing = { json: undefined, text: undefined, bytes: undefined };
  assert.deepEqual(bodyOf("<".repeat(64 * 1024 + 1)), nothing);
  assert.deepEqual(bodyOf(new Uint8Array(64 * 1024 + 1)), nothing);
  assert.deepEqual(bodyOf(`"${"a".repeat(1024 * 1024)}"`), nothing);
  assert.deepEqual(bodyOf(new FormData()), nothing);
  assert.deepEqual(bodyOf(new Blob(["{}"]).stream()), nothing);
});
