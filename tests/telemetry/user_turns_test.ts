/** Turns of the user: who tells of them, what is believed, which ids are theirs. */

import assert from "node:assert/strict";
import { frameData, socketFixtures } from "../support/fixtures.ts";
import type { FakeWebSocket } from "../support/fake_websocket.ts";
import {
  idOf,
  LISTEN,
  named,
  one,
  open,
  openStage,
  parentOf,
  results,
  seconds,
  speak,
  type Stage,
} from "../support/stage.ts";

const FLUX = "wss://api.deepgram.com/v2/listen?model=flux-general-en&encoding=linear16&sample_rate=16000";

/** Plays the frames of a fixture, so much time apart. */
function play(stage: Stage, socket: FakeWebSocket, name: string, stepMs = 10): void {
  const [provider, folder] = name.split("/");
  const found = socketFixtures.find((fixture) => fixture.provider === provider && fixture.case === folder)!;
  for (const frame of found.frames) {
    stage.pass(stepMs);
    if ("closed" in frame) socket.shut(frame.closed);
    else if ("sent" in frame) socket.send(frameData(frame));
    else socket.receive(frameData(frame));
  }
}
const urlOf = (name: string): string =>
  socketFixtures.find((fixture) => `${fixture.provider}/${fixture.case}` === name)!.socket.url;

Deno.test("the caller's voice activity is believed before the provider, and that before words", async () => {
  const stage = openStage();
  const stt = open(stage.session, LISTEN);
  const turn = stage.session.userTurn();
  speak(stage, stt, 500);
  turn.speechStarted({ secondsAgo: 0.3 });
  stt.receive(JSON.stringify({ type: "SpeechStarted", timestamp: 0.4 }));
  results(stt, true, [0.3, 0.45]);
  speak(stage, stt, 300);
  turn.speechStopped({ secondsAgo: 0.25 });
  stage.pass(50);
  turn.commit();
  await stage.end();
  const { attributes } = one(stage.spans, "user_turn");
  assert.equal(attributes["teespan.turn.clock"], "vad");
  assert.equal(attributes["lk.end_of_turn_delay"], 0.3);
  assert.equal(attributes["lk.transcription_delay"], 0);
  assert.equal(attributes["teespan.turn.first_transcript_delay"], 0.3);
  assert.equal(attributes["teespan.turn.outcome"], "committed");
  assert.equal(seconds(one(stage.spans, "user_turn")), 0.65);
});

Deno.test("what comes late after a caller's commit belongs to the turn that was committed", async () => {
  const stage = openStage({ turnDetection: "caller" });
  const stt = open(stage.session, LISTEN);
  speak(stage, stt, 500);
  const turn = stage.session.userTurn();
  turn.speechStarted({ secondsAgo: 0.5 });
  turn.speechStopped({ secondsAgo: 0.1 });
  turn.commit(); // before anything of it was heard
  stage.pass(150);
  results(stt, true, [0.05, 0.4], true);
  stage.pass(2000);
  const second = stage.session.userTurn();
  second.speechStarted();
  speak(stage, stt, 200);
  results(stt, true, [0.51, 0.6], true); // an end of utterance, which the caller does not take for an end
  speak(stage, stt, 200);
  results(stt, true, [0.7, 0.8], true);
  second.speechStopped();
  second.commit();
  stt.shut(1000);
  await stage.end();
  const turns = named(stage.spans, "user_turn");
  assert.equal(turns.length, 2);
  assert.deepEqual(turns.map(({ attributes }) => attributes["lk.provider_request_ids"]), [["dg-1"], [
    "dg-1",
  ]]);
  assert.deepEqual(turns.map(({ attributes }) => attributes["lk.transcription_delay"]), [0.25, 0]);
  assert.deepEqual(turns.map(({ attributes }) => attributes["lk.end_of_turn_delay"]), [0.1, 0]);
  assert.deepEqual(
    one(stage.spans, "stt_request_run").span.events.map(({ name }) => name),
    ["user_turn", "user_turn"],
  );
});

Deno.test("a cleared turn keeps its ids, and nobody answers it", async () => {
  const stage = openStage();
  let answered = 0;
  stage.session.on("turn", () => void answered++);
  const turn = stage.session.userTurn();
  turn.speechStarted();
  turn.noteRequestId("rec-1");
  turn.noteRequestId(undefined as unknown as string);
  turn.clear();
  turn.commit();
  const reply = stage.session.agentTurn();
  reply.end();
  await stage.end();
  const { attributes } = one(stage.spans, "user_turn");
  assert.deepEqual(attributes["lk.provider_request_ids"], ["rec-1"]);
  assert.equal(attributes["teespan.turn.outcome"], "cleared");
  assert.equal(answered, 0);
  assert.equal(one(stage.spans, "agent_turn").attributes["teespan.turn.kind"], "say");
});

Deno.test("turns that a provider names keep what is theirs, out of order", async () => {
  const stage = openStage();
  play(stage, open(stage.session, urlOf("openai/ws_transcription")), "openai/ws_transcription");
  await stage.end();
  const turns = named(stage.spans, "user_turn");
  assert.ok(turns.length >= 2);
  const [root, recognition] = [one(stage.spans, "agent_session"), one(stage.spans, "stt_request_run")];
  assert.deepEqual(new Set(turns.map(parentOf)), new Set([idOf(root)]));
  assert.equal(recognition.span.events.length, turns.length);
  for (const { attributes } of turns) {
    for (const [name, value] of Object.entries(attributes)) {
      if (/delay$/.test(name)) assert.ok(Number(value) >= 0, name);
    }
  }
});

Deno.test("without a session turns hang under the recognition that heard them", async () => {
  const stage = openStage();
  const socket = open(stage.telemetry, LISTEN);
  speak(stage, socket, 400);
  results(socket, true, [0.1, 0.3], true);
  socket.shut(1000);
  await stage.end();
  const recognition = one(stage.spans, "stt_request_run");
  assert.equal(parentOf(one(stage.spans, "user_turn")), idOf(recognition));
  assert.deepEqual(recognition.span.events.map(({ name }) => name), ["user_turn"]);
});

Deno.test("an upload belongs to the turn in which it was made, spoken or just committed", async () => {
  const stage = openStage();
  const { session } = stage;
  const upload = async (id: string, late?: () => void): Promise<void> => {
    stage.answers.push(() =>
      Promise.resolve(new Response('{"text":"Hi"}', { headers: { "x-request-id": id } }))
    );
    const form = new FormData();
    form.set("model", "whisper-1");
    form.set("file", new Blob([new Uint8Array(10)]), "a.wav");
    const response = await session.fetch("https://api.openai.com/v1/audio/transcriptions", {
      method: "POST",
      body: form,
    });
    late?.();
    await response.text();
  };
  const first = session.userTurn();
  first.speechStarted();
  stage.pass(400);
  first.speechStopped();
  await upload("req_a");
  first.commit();
  const second = session.userTurn();
  second.speechStarted();
  stage.pass(300);
  second.speechStopped();
  second.commit();
  await upload("req_b", () => session.userTurn().speechStarted());
  await stage.end();
  const turns = named(stage.spans, "user_turn").toSorted((a, b) => a.span.startTime[1] - b.span.startTime[1]);
  assert.deepEqual(turns.map(({ attributes }) => attributes["lk.provider_request_ids"]), [
    ["req_a"],
    ["req_b"],
    undefined,
  ]);
  assert.deepEqual(named(stage.spans, "stt_request_run").map(parentOf), turns.slice(0, 2).map(idOf));
  assert.equal(turns[2]!.attributes["teespan.turn.outcome"], "abandoned");
});

Deno.test("judgements leave an eou_detection, the provider's and the caller's", async () => {
  const stage = openStage();
  const flux = open(stage.session, FLUX);
  play(stage, flux, "deepgram/ws_flux");
  const turn = stage.session.userTurn();
  turn.speechStarted({ secondsAgo: 1 });
  turn.speechStopped({ secondsAgo: 0.5 });
  turn.endOfTurn({ probability: 0.75, seconds: 0.125 });
  turn.commit();
  await stage.end();
  const detections = named(stage.spans, "eou_detection");
  const byCaller = detections.at(-1)!;
  assert.equal(byCaller.attributes["lk.eou.probability"], 0.75);
  assert.equal(byCaller.attributes["lk.eou.detection_delay"], 0.125);
  assert.equal(seconds(byCaller), 0.125);
  const byProvider = detections.slice(0, -1);
  assert.ok(byProvider.length >= 3);
  assert.deepEqual(
    new Set(byProvider.map(({ attributes }) => attributes["lk.eou.source"])),
    new Set(["stt"]),
  );
  assert.ok(byProvider.some(({ attributes }) => attributes["teespan.eou.eager"] === true));
  const turns = named(stage.spans, "user_turn").map(idOf);
  assert.ok(detections.every((detection) => turns.includes(parentOf(detection)!)));
});

Deno.test("a recognition that reconnects tells how often, and where in the audio it is", async () => {
  const stage = openStage();
  const first = open(stage.session, LISTEN);
  speak(stage, first, 400);
  results(first, false, [0.1, 0.3]);
  first.shut(1011);
  const broken = new stage.session.WebSocket(LISTEN) as unknown as FakeWebSocket;
  broken.shut(1006); // not opened
  const second = open(stage.session, LISTEN);
  speak(stage, second, 200);
  results(second, true, [0, 0.15], true);
  second.shut(1000);
  await stage.end();
  const runs = named(stage.spans, "stt_request_run");
  assert.deepEqual(runs.map(({ attributes }) => attributes["teespan.stt.audio_offset"]).filter(Boolean), [
    0.4,
    0.4,
  ]);
  assert.equal(named(stage.spans, "user_turn").length, 1);
});

Deno.test("what is not known of a turn has no figure, never 0 or −1", async () => {
  const stage = openStage();
  const turn = stage.session.userTurn();
  turn.transcript({ final: true });
  turn.commit();
  const unheard = stage.session.userTurn();
  unheard.speechStarted();
  await stage.end();
  const [committed, abandoned] = named(stage.spans, "user_turn");
  assert.deepEqual(committed!.attributes, { "teespan.turn.outcome": "committed" });
  assert.deepEqual(abandoned!.attributes, { "teespan.turn.outcome": "abandoned" });
});

Deno.test("a connection that closes leaves the turn of the session to whoever goes on", async () => {
  const stage = openStage();
  const stt = open(stage.session, LISTEN);
  speak(stage, stt, 400);
  results(stt, false, [0.1, 0.3]);
  stt.shut(1000);
  await stage.telemetry.flush();
  assert.equal(named(stage.spans, "user_turn").length, 0);
  stage.pass(100);
  stage.session.userTurn().commit();
  await stage.end();
  const { attributes } = one(stage.spans, "user_turn");
  assert.equal(attributes["lk.end_of_turn_delay"], 0.2);
  assert.equal(attributes["lk.transcription_delay"], undefined);
  assert.equal(one(stage.spans, "stt_request_run").attributes["error.type"], "truncated");
});

Deno.test("what is heard, answered and told when its session has ended begins no turn", async () => {
  const stage = openStage();
  const stt = open(stage.session, LISTEN);
  const realtime = open(stage.session, urlOf("openai/ws_realtime"));
  speak(stage, stt, 400);
  results(stt, true, [0.1, 0.3]);
  stage.session.end();
  results(stt, true, [0.3, 0.4], true);
  play(stage, realtime, "openai/ws_realtime");
  const turn = stage.session.userTurn();
  turn.speechStarted();
  turn.transcript({ final: true });
  assert.equal(turn.run(() => 1), 1);
  turn.commit();
  stage.session.agentTurn().agentStartedSpeaking();
  stt.shut(1000);
  realtime.shut(1000);
  await stage.end();
  assert.equal(seconds(one(stage.spans, "agent_turn")), 0);
  assert.equal(one(stage.spans, "user_turn").attributes["teespan.turn.outcome"], "abandoned");
  const session = idOf(one(stage.spans, "agent_session"));
  assert.ok(named(stage.spans, "realtime_inference").length > 0);
  for (const response of named(stage.spans, "realtime_inference")) assert.equal(parentOf(response), session);
});

Deno.test("a turn that its session ends while it is heard is on the recognition that heard it", async () => {
  const stage = openStage();
  const stt = open(stage.session, LISTEN);
  speak(stage, stt, 400);
  results(stt, true, [0.1, 0.3]);
  stage.pass(100);
  stage.session.userTurn().commit();
  stage.pass(50);
  stage.session.end();
  stt.shut(1000);
  await stage.end();
  const { span } = one(stage.spans, "stt_request_run");
  assert.deepEqual(span.events.map(({ name }) => name), ["user_turn"]);
  assert.ok(
    span.events[0]!.time[0] <= span.endTime[0] && seconds(one(stage.spans, "stt_request_run")) >= 0.5,
  );
});

/** The time to the first transcript of each recognition, and what that is measured from. */
function firstTranscripts({ spans }: Stage): unknown[] {
  const name = "teespan.stt.time_to_first_transcript";
  return named(spans, "stt_request_run").map((
    { attributes },
  ) => [attributes[name], attributes[`${name}.source`]]);
}

Deno.test("the first transcript is waited for from the start of speech, whatever silence came before", async () => {
  for (
    const [source, told] of [
      ["vad", ({ session }: Stage) => session.userTurn().speechStarted()],
      [
        "provider",
        (_: Stage, stt: FakeWebSocket) =>
          stt.receive(JSON.stringify({ type: "SpeechStarted", timestamp: 5 })),
      ],
      ["words", () => {}],
    ] as const
  ) {
    const stage = openStage();
    const stt = open(stage.session, LISTEN);
    speak(stage, stt, 5000);
    told(stage, stt);
    speak(stage, stt, 400);
    results(stt, false, [5, 5.3]);
    speak(stage, stt, 300);
    results(stt, true, [5, 5.6], true);
    stt.shut(1000);
    await stage.end();
    assert.deepEqual(firstTranscripts(stage), [[0.4, source]]);
  }
});

Deno.test("where no start of speech is known the first transcript is waited for from the first audio", async () => {
  const stage = openStage();
  const stt = open(stage.session, LISTEN);
  stage.pass(1000);
  speak(stage, stt, 400);
  const alternatives = [{ transcript: "Hello?", confidence: 0.9, words: [] }];
  stt.receive(
    JSON.stringify({ type: "Results", is_final: true, speech_final: true, channel: { alternatives } }),
  );
  stt.shut(1000);
  await stage.end();
  assert.deepEqual(firstTranscripts(stage), [[0.38, "audio"]]);
});

Deno.test("a recognition that goes on with speech that another began to hear counts from its own audio", async () => {
  const stage = openStage();
  const first = open(stage.session, LISTEN);
  speak(stage, first, 1000);
  results(first, false, [0.5, 0.9]);
  first.shut(1011);
  const second = open(stage.session, LISTEN);
  stage.pass(200);
  speak(stage, second, 100);
  results(second, true, [0, 0.1], true);
  second.shut(1000);
  await stage.end();
  assert.deepEqual(firstTranscripts(stage), [[0.5, "words"], [0.08, "audio"]]);
});
