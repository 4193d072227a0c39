/** What the making of an Ultravox call says is known when it is joined. */

import assert from "node:assert/strict";
import { ultravox } from "../../src/formats/ultravox.ts";
import { playScript, startEmulator, startSocketEmulator } from "../../src/testing/mod.ts";
import { startKept } from "../support/memory_exporter.ts";
import { recordSink } from "../support/recording_sink.ts";
import { recordSinks } from "../support/recording_sinks.ts";

type Formats = ReturnType<typeof ultravox>;

const headers = new Headers();

/** Makes a call, over HTTP. */
function make({ create }: Formats, callId: unknown, body: unknown, answer: object = {}): void {
  const { sink } = recordSink();
  const request = { url: new URL("https://api.ultravox.ai/api/calls"), headers, json: body };
  create.request(request);
  const reader = create.read({ status: 201, headers }, sink, request);
  reader.push(new TextEncoder().encode(JSON.stringify({ callId, ...answer })));
  reader.end();
}

/** Joins it: a quarter of a second at 8 kHz in both directions. */
function join({ call }: Formats, callId: string) {
  const { connection, sinks } = recordSinks();
  const url = new URL(`wss://voice.ultravox.ai/calls/${callId}/server_web_socket`);
  const reader = call.open({ url, headers }, sinks);
  reader.sent(new Uint8Array(4000));
  reader.received('{"type":"state","state":"speaking"}');
  reader.received(new Uint8Array(4000));
  const { facts, audioSeconds, requestIds } = connection.attempts[0]!;
  return { model: facts.requestModel, sent: connection.sentAudioSeconds, came: audioSeconds, requestIds };
}

const medium = { serverWebSocket: { inputSampleRate: 8000, outputSampleRate: 16_000 } };

Deno.test("a call that was made here is joined with its model and rates", () => {
  const formats = ultravox();
  make(formats, "call-1", { model: "ultravox-v0.7", medium });
  assert.deepEqual(join(formats, "call-1"), {
    ...{ model: "ultravox-v0.7", sent: 0.25, came: 0.125 },
    requestIds: [["call-1", "session"]],
  });
});

Deno.test("an agent's call has the model of the answer, and one rate stands for both", () => {
  const formats = ultravox();
  make(formats, "call-1", { medium: { serverWebSocket: { inputSampleRate: 8000 } } }, {
    model: "ultravox-v0.7",
  });
  const { model, sent, came } = join(formats, "call-1");
  assert.deepEqual([model, sent, came], ["ultravox-v0.7", 0.25, 0.25]);
});

Deno.test("a call that was made elsewhere is joined all the same", () => {
  const formats = ultravox();
  make(formats, { odd: true }, { model: "ultravox-v0.7", medium });
  make(formats, '{"odd":true}', { model: "ultravox-v0.7", medium });
  const { model, came, requestIds } = join(formats, "call-2");
  assert.deepEqual([model, came, requestIds], [undefined, undefined, [["call-2", "session"]]]);
});

Deno.test("calls that nobody joins are forgotten, the oldest first", () => {
  const formats = ultravox();
  for (let number = 0; number < 300; number++) {
    make(formats, `call-${number}`, { model: `m-${number}`, medium });
  }
  assert.equal(join(formats, "call-43").model, undefined);
  assert.equal(join(formats, "call-44").model, "m-44");
  assert.equal(join(formats, "call-299").model, "m-299");
});

const CALL_ID = "3f2c1b0a-1111-4222-8333-444455556666";
const JOIN_URL = `wss://voice.ultravox.ai/calls/${CALL_ID}/server_web_socket?token=canary`;

/** Resolves when the socket is gone. */
function gone(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) => socket.addEventListener("close", resolve, { once: true }));
}

Deno.test("a call that is made and joined leaves its id and figures on both spans, and no secret", async () => {
  await using http = await startEmulator({
    respond: { status: 201, body: JSON.stringify({ callId: CALL_ID, joinUrl: JOIN_URL }) },
  });
  await using sockets = await startSocketEmulator({
    serve: playScript([
      { send: { type: "call_started", callId: CALL_ID } },
      { send: { type: "state", state: "thinking" } },
      { send: { type: "state", state: "speaking" } },
      { send: new Uint8Array(8000) },
      { send: { type: "transcript", role: "agent", medium: "voice", text: "Ahoy, sailor.", final: true } },
      { send: { type: "state", state: "listening" } },
      { close: 1000 },
    ], { paceMs: 2 }),
  });
  const telemetry = startKept({ fetch: http.fetch, WebSocket: sockets.WebSocket });
  const made = await telemetry.fetch("https://api.ultravox.ai/api/calls", {
    method: "POST",
    headers: { "X-API-Key": "canary" },
    body: JSON.stringify({ model: "ultravox-v0.7", systemPrompt: "You sell canary doughnuts.", medium }),
  });
  const socket = new telemetry.WebSocket((await made.json()).joinUrl);
  socket.binaryType = "arraybuffer";
  await gone(socket);
  await telemetry.shutdown();
  const names = telemetry.spans.map(({ name }) => name);
  assert.deepEqual(names, ["realtime_inference", "realtime_inference"]);
  const [create, response] = telemetry.spans.map(({ attributes }) => attributes);
  for (const span of [create, response]) {
    assert.deepEqual(span!["lk.provider_request_ids"], [CALL_ID]);
    assert.equal(span!["gen_ai.request.model"], "ultravox-v0.7");
    assert.equal(span!["teespan.outcome"], "success");
  }
  assert.equal(create!["http.response.status_code"], 201);
  assert.equal(response!["teespan.audio.duration"], 0.25);
  assert.ok(Number(response!["lk.response.ttfb"]) > 0.001, "from the thinking on");
  assert.match(String(response!["url.full"]), /server_web_socket\?token=REDACTED$/);
  assert.equal(
    /canary|sailor/.test(JSON.stringify(telemetry.spans.map(({ attributes }) => attributes))),
    false,
  );
});

Deno.test("a call that cannot be joined leaves its id", async () => {
  await using sockets = await startSocketEmulator({
    serve: playScript([{ close: 1008 }]),
    handshake: ({ path }) => path.includes("gone") ? { status: 404 } : {},
  });
  const telemetry = startKept({ WebSocket: sockets.WebSocket });
  await gone(new telemetry.WebSocket(JOIN_URL));
  await gone(new telemetry.WebSocket(JOIN_URL.replace(CALL_ID, "gone")));
  await telemetry.shutdown();
  assert.deepEqual(
    telemetry.spans.map((
      { attributes },
    ) => [attributes["lk.provider_request_ids"], attributes["error.type"]]),
    [[[CALL_ID], "close_1008"], [["gone"], "404"]],
  );
});
