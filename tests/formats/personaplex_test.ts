/** PersonaPlex, on a server of one's own: frames of a kind each, over a real socket. */

import assert from "node:assert/strict";
import { personaplex, providers } from "../../src/providers/mod.ts";
import { playScript, type SocketStep, startSocketEmulator } from "../../src/testing/mod.ts";
import { startKept } from "../support/memory_exporter.ts";

const HOST = "plex.acme.example:8998";
const URL_WITH_PROMPT =
  `ws://${HOST}/api/chat?voice_prompt=NATF2.pt&text_prompt=You%20sell%20canary%20doughnuts&seed=42`;

/** A page of Ogg, little endian: see `src/wire/audio_ogg.ts`. */
function page(granule: number, packet: Uint8Array, begins = false): Uint8Array {
  const bytes = new Uint8Array(28 + packet.length);
  bytes.set(new TextEncoder().encode("OggS"));
  bytes[5] = begins ? 2 : 0;
  new DataView(bytes.buffer).setBigInt64(6, BigInt(granule), true);
  bytes[26] = 1;
  bytes[27] = packet.length;
  bytes.set(packet, 28);
  return bytes;
}

/** Opus that begins, with 312 samples to skip, and goes on to that granule, of which there are 48 000 in a second. */
function opus(...granules: number[]): Uint8Array {
  const head = Uint8Array.of(
    ...new TextEncoder().encode("OpusHead"),
    1,
    1,
    0x38,
    1,
    0x80,
    0xbb,
    0,
    0,
    0,
    0,
    0,
  );
  const pages = granules.map((granule) => page(granule, new Uint8Array(20)));
  return Uint8Array.from([page(0, head, true), ...pages].flatMap((one) => [...one]));
}

function kind(number: number, payload: Uint8Array | string = ""): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(number, ...typeof payload === "string" ? new TextEncoder().encode(payload) : payload);
}

/** Plays the server's side, and gives the span of the conversation. */
async function converse(steps: readonly SocketStep[], binaryType: BinaryType = "arraybuffer") {
  await using emulator = await startSocketEmulator({ serve: playScript(steps, { paceMs: 1 }) });
  const telemetry = startKept({
    WebSocket: emulator.WebSocket,
    providers: [personaplex({ host: HOST }), ...providers],
  });
  const socket = new telemetry.WebSocket(URL_WITH_PROMPT);
  socket.binaryType = binaryType;
  const closed = new Promise((resolve) => socket.addEventListener("close", resolve, { once: true }));
  await new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }));
  // audio of 0.5 s, cut where no page ends
  const audio = opus(24_312);
  socket.send(kind(1, audio.subarray(0, 50)));
  socket.send(kind(1, audio.subarray(50)));
  await closed;
  await telemetry.flush();
  await telemetry.shutdown();
  assert.equal(telemetry.spans.length, 1);
  return telemetry.spans[0]!.attributes;
}

const answer = opus(12_312, 48_312);
const spoken: readonly SocketStep[] = [
  { send: kind(0) },
  "expect",
  "expect",
  { send: kind(1, answer.subarray(0, 99)) },
  { send: kind(2, "▁Ahoy there, sailor") },
  { send: kind(1, answer.subarray(99)) },
];

for (const binaryType of ["arraybuffer", "blob"] as const) {
  Deno.test(`a conversation with PersonaPlex is one attempt, its audio measured, as ${binaryType}`, async () => {
    const attributes = await converse([...spoken, { close: 1000 }], binaryType);
    assert.equal(attributes["gen_ai.provider.name"], "personaplex");
    assert.equal(attributes["gen_ai.operation.name"], "generate_content");
    assert.equal(attributes["teespan.outcome"], "success");
    assert.equal(attributes["teespan.audio.duration"], 1);
    assert.equal(attributes["teespan.audio.sent_duration"], 0.5);
    assert.equal(attributes["lk.response.ttfb"], undefined, "silence comes first");
    assert.equal(attributes["lk.response.ttft"], undefined);
    assert.equal(attributes["lk.provider_request_ids"], undefined);
    const text = JSON.stringify(attributes);
    assert.equal(/canary|NATF2|sailor/.test(text), false, "a prompt in a span");
    assert.match(String(attributes["url.full"]), /text_prompt=REDACTED/);
  });
}

Deno.test("an error's words are not recorded, and a break is one", async () => {
  const failed = await converse([...spoken, { send: kind(5, "The sailor broke it.") }, { close: 1011 }]);
  assert.equal(failed["teespan.outcome"], "error");
  assert.equal(failed["error.type"], "error");
  assert.equal(JSON.stringify(failed).includes("broke it"), false);
  const broken = await converse([...spoken, "reset"]);
  assert.equal(broken["error.type"], "close_1006");
  assert.equal(broken["teespan.audio.duration"], 1);
});

Deno.test("personaplex() takes several hosts and another name", () => {
  const { name, hosts } = personaplex({ host: ["a.example", "b.example:8998"], name: "plex" });
  assert.deepEqual([name, hosts], ["plex", ["a.example", "b.example:8998"]]);
});
