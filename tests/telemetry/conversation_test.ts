/** A whole conversation on a clock of the test's own: who spoke, what was waited for, whose ids. */

import assert from "node:assert/strict";
import type { MetricsEvent } from "../../mod.ts";
import {
  ask,
  CHAT,
  chat,
  idOf,
  LISTEN,
  named,
  one,
  open,
  openStage,
  parentOf,
  results,
  say,
  seconds,
  SPEAK,
  speak,
  spoken,
} from "../support/stage.ts";

Deno.test("a turn of the user and its answer: the tree, the ids, and figures that add up", async () => {
  const stage = openStage({ name: "voice.session", attributes: { "tenant.id": "acme" } });
  const { session } = stage;
  const events: MetricsEvent[] = [];
  session.on("metrics", (event) => events.push(event));
  const stt = open(session, LISTEN);
  const tts = open(session, SPEAK);
  stage.answers.push(
    () =>
      Promise.resolve(
        new Response('{"error":{"code":"busy"}}', { status: 503, headers: { "x-request-id": "req_0" } }),
      ),
    chat(stage, 300, 50),
  );
  const answered = new Promise<void>((resolve) =>
    session.on("turn", async (turn) => {
      stage.pass(15);
      const reply = await turn.llm(
        { name: "llm.voice_response", useCase: "voice.reply" },
        async ({ fetch }) => {
          await (await fetch(CHAT, ask)).text();
          stage.pass(100); // the wait before the second try
          return fetch(CHAT, ask);
        },
      );
      const reader = reply.body!.getReader();
      await reader.read();
      stage.pass(20);
      say(tts, "ctx-1");
      while (!(await reader.read()).done);
      stage.pass(80);
      spoken(tts, "ctx-1", true);
      stage.pass(30);
      turn.agentStartedSpeaking();
      stage.pass(500);
      turn.agentStoppedSpeaking();
      resolve();
    })
  );

  speak(stage, stt, 400);
  stt.receive(JSON.stringify({ type: "SpeechStarted", timestamp: 0.1 }));
  results(stt, false, [0.12, 0.38]);
  speak(stage, stt, 400);
  results(stt, true, [0.12, 0.6]);
  stage.pass(200);
  results(stt, true, [0.12, 0.6], true);
  await answered;
  const summary = await stage.end();

  const { spans } = stage;
  const root = one(spans, "voice.session");
  const user = one(spans, "user_turn");
  const agent = one(spans, "agent_turn");
  const node = one(spans, "llm.voice_response");
  const recognition = one(spans, "stt_request_run");
  const speech = one(spans, "tts_request_run");
  const tries = named(spans, "llm_request_run");
  assert.deepEqual(
    [user, agent, recognition].map(parentOf),
    [idOf(root), idOf(root), idOf(root)],
  );
  assert.equal(parentOf(node), idOf(agent));
  assert.equal(parentOf(speech), idOf(agent));
  assert.deepEqual(tries.map(parentOf), [idOf(node), idOf(node)]);

  assert.deepEqual(user.attributes["lk.provider_request_ids"], ["dg-1"]);
  assert.equal(user.attributes["gen_ai.provider.name"], "deepgram");
  assert.equal(user.attributes["gen_ai.request.model"], "nova-3");
  assert.equal(user.attributes["lk.transcript_confidence"], 0.9);
  assert.equal(user.attributes["teespan.turn.clock"], "words");
  // speech from 0.1 s to 0.6 s of the audio; the audio ended at 0.8 s, 200 ms later it was decided
  assert.equal(user.attributes["lk.transcription_delay"], 0.4);
  assert.equal(user.attributes["lk.end_of_turn_delay"], 0.4);
  assert.equal(seconds(user), 0.9);

  const { attributes } = agent;
  assert.equal(attributes["lk.e2e_latency"], 0.4 + 0.015 + 0.1 + 0.3 + 0.02 + 0.13 + 0.03);
  assert.equal(attributes["teespan.turn.e2e_source"], "playback");
  assert.deepEqual(
    ["transcription", "end_of_turn", "reply", "llm_ttft", "speech_wait", "tts_ttfb", "playback"].map((part) =>
      attributes[`teespan.turn.latency.${part}`]
    ),
    [0.4, 0, 0.015, 0.4, 0.02, 0.13, 0.03],
  );
  assert.equal(attributes["lk.response.ttft"], 0.4);
  assert.equal(attributes["lk.response.ttfb"], 0.13);
  assert.equal(attributes["lk.interrupted"], false);
  assert.equal(attributes["gen_ai.request.model"], "gpt-x");

  assert.equal(node.attributes["llm.use_case"], "voice.reply");
  assert.equal(node.attributes["outcome"], "success");
  assert.equal(node.attributes["lk.response.ttft"], 0.4);
  assert.deepEqual(
    tries.map((
      { attributes: { "lk.retry_count": count, "teespan.retry.delay": delay, "teespan.retry.reason": why } },
    ) => [
      count,
      delay,
      why,
    ]),
    [[undefined, undefined, undefined], [1, 0.1, "503"]],
  );
  assert.equal(recognition.attributes["teespan.audio.sent_duration"], 0.8);
  assert.equal(recognition.attributes["teespan.stt.time_to_first_transcript"], 0.3);
  assert.equal(recognition.attributes["teespan.stt.time_to_first_transcript.source"], "provider");
  assert.deepEqual(
    recognition.span.events.map(({ name, attributes }) => [name, attributes?.["lk.transcription_delay"]]),
    [
      ["user_turn", 0.4],
    ],
  );

  assert.equal(summary.usage.llm.outputTokens, 4);
  assert.equal(summary.usage.llm.requests, 2);
  assert.equal(summary.usage.tts.charactersCount, 16);
  assert.equal(summary.usage.stt.audioDuration, 0.8);
  assert.equal(summary.latency.endToEnd?.p95, attributes["lk.e2e_latency"]);
  assert.equal(summary.latency.conversation?.p50, 0.4 + 0.4 + 0.13);
  assert.deepEqual(summary.turns, { user: 1, agent: 1, interrupted: 0 });
  assert.deepEqual(summary.errors, [
    { provider: "openai", errorType: "503", count: 1, requestIds: ["req_0"] },
  ]);
  assert.equal(summary.attempts.retried, 1);
  assert.equal(summary.attempts.total, 4);
  const eou = events.find((event) => event.type === "eou_metrics");
  assert.equal(eou?.endOfUtteranceDelay, 0.4);
  assert.equal(eou?.speechId, attributes["lk.speech_id"]);
  assert.deepEqual(events.map(({ type }) => type).toSorted(), [
    "connection_metrics",
    "connection_metrics",
    "eou_metrics",
    "llm_metrics",
    "llm_metrics",
    "stt_metrics",
    "tts_metrics",
  ]);
});
