/** What a call to Gladia says of the socket that follows. */

import assert from "node:assert/strict";
import { gladiaLive, GladiaSessions } from "../../src/formats/gladia_live.ts";
import { recordSinks } from "../support/recording_sinks.ts";

const NO_HEADERS = { get: () => null };

function openSocket(sessions: GladiaSessions, url: string) {
  const { connection, sinks } = recordSinks();
  const reader = gladiaLive(sessions).open({ url: new URL(url), headers: NO_HEADERS }, sinks);
  const receive = (json: unknown): void => reader.received(JSON.stringify(json));
  return { connection, reader, receive };
}

Deno.test("gladiaLive() measures audio as the call said it will be", () => {
  const shapes: readonly (readonly [request: Record<string, unknown>, bytes: number])[] = [
    [{}, 3200],
    [{ encoding: "wav/pcm", bit_depth: 8, sample_rate: 8000 }, 800],
    [{ encoding: "wav/pcm", bit_depth: 24, sample_rate: 8000 }, 2400],
    [{ encoding: "wav/pcm", bit_depth: 32, sample_rate: 8000, channels: 2 }, 6400],
    [{ encoding: "wav/alaw", sample_rate: 8000 }, 800],
    [{ encoding: "wav/ulaw", sample_rate: 8000, channels: 2 }, 1600],
  ];
  const url = "wss://api.gladia.io/v2/live?token=t1";
  for (const [request, bytes] of shapes) {
    const sessions = new GladiaSessions();
    sessions.remember({ model: "solaria-1", ...request }, { id: "id-1", url });
    const { connection, reader } = openSocket(sessions, url);
    reader.sent(new Uint8Array(bytes));
    assert.equal(connection.sentAudioSeconds, 0.1, JSON.stringify(request));
    assert.deepEqual(connection.attempts[0]?.requestIds, [["id-1", "session"]]);
    assert.equal(connection.attempts[0]?.facts.requestModel, "solaria-1");
  }
});

Deno.test("gladiaLive() tells times of a socket that came back as those of its own audio", () => {
  const url = "wss://api.gladia.io/v2/live?token=t1";
  const sessions = new GladiaSessions();
  sessions.remember({}, { id: "id-1", url });
  const first = openSocket(sessions, url);
  first.receive({ type: "audio_chunk", acknowledged: true, data: { time_range: [0, 1.5] } });
  const { connection, receive } = openSocket(sessions, url);
  receive({ type: "speech_start", data: { time: 1.25 } });
  receive({ type: "speech_end", data: { time: 2 } });
  receive({
    type: "transcript",
    data: { is_final: true, utterance: { text: "two tickets", start: 1.75, end: 2, confidence: 0.5 } },
  });
  receive({ type: "end_recording", data: { recording_duration: 2.5 } });
  assert.deepEqual(connection.turns?.[""], [
    ["speechStarted"], // it began on the socket before
    ["speechStopped", { audioSeconds: 0.5 }],
    ["transcript", { final: true, confidence: 0.5, startSeconds: 0.25, endSeconds: 0.5 }],
    ["commit"],
    ["settle"],
  ]);
  assert.equal(connection.attempts[0]?.facts.sentAudioSeconds, 1);
});

Deno.test("GladiaSessions forgets the oldest, and what has no address", () => {
  const sessions = new GladiaSessions();
  const urlOf = (index: number): string => `wss://api.gladia.io/v2/live?token=t${index}`;
  for (let index = 0; index < 200; index++) sessions.remember({}, { id: `id-${index}`, url: urlOf(index) });
  sessions.remember({}, { id: "id-200" });
  sessions.remember({}, { id: "id-201", url: "no address" });
  const known = Array.from({ length: 200 }, (_, index) => sessions.find(new URL(urlOf(index))).id);
  assert.deepEqual(known.filter(Boolean), Array.from({ length: 64 }, (_, index) => `id-${index + 136}`));
});
