/** Sessions that go on in another isolate, and those that nobody ended. */

import assert from "node:assert/strict";
import { startTelemetry } from "../../mod.ts";
import { keepSpans, type KeptSpan, startKept } from "../support/memory_exporter.ts";
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
  speak,
} from "../support/stage.ts";

const traceOf = ({ span }: KeptSpan): string => span.spanContext().traceId;

Deno.test("a session that was suspended goes on as the same span, with what was used, and its open question", async () => {
  const first = openStage({ name: "voice.session", attributes: { "tenant.id": "acme", "user.id": "u-1" } });
  const startedAt = first.now;
  first.answers.push(chat(first, 100, 50));
  await (await first.session.fetch(CHAT, ask)).text();
  const stt = open(first.session, LISTEN);
  speak(first, stt, 400);
  results(stt, true, [0.1, 0.4]);
  const turn = first.session.userTurn();
  turn.speechStopped();
  first.pass(200);
  turn.commit();
  const text = first.session.suspend();
  await first.telemetry.shutdown();
  assert.ok(new TextEncoder().encode(text).length < 2048);
  assert.equal(named(first.spans, "voice.session").length, 0);

  const exporter = keepSpans();
  let now = first.now + 5000;
  const second = startTelemetry({
    serviceName: "test",
    env: {},
    exporter,
    exportIntervalMs: false,
    clock: { now: () => now },
    fetch: (() => chat({ pass: (ms: number) => void (now += ms) } as never, 300, 20)()) as typeof fetch,
  });
  const session = second.resumeSession(text);
  assert.equal(session.id, "s-1");
  assert.equal(session.summary().usage.llm.outputTokens, 4);
  assert.equal(session.summary().attempts.total, 2);
  const reply = session.agentTurn();
  await (await reply.llm({}, ({ fetch }) => fetch(CHAT, ask))).text();
  reply.agentStartedSpeaking();
  reply.agentStoppedSpeaking();
  reply.end();
  const summary = session.end({ outcome: "success" });
  await second.shutdown();

  const root = one(exporter.spans, "voice.session");
  const attempts = [...named(first.spans, "llm_request_run"), ...named(exporter.spans, "llm_request_run")];
  assert.equal(new Set([root, ...attempts].map(traceOf)).size, 1);
  assert.equal(parentOf(attempts[0]!), idOf(root));
  assert.equal(parentOf(one(exporter.spans, "agent_turn")), idOf(root));
  assert.equal(root.span.startTime[0] * 1000 + root.span.startTime[1] / 1e6, startedAt);
  assert.equal(root.attributes["tenant.id"], "acme");
  assert.equal(root.attributes["user.id"], "u-1");
  assert.equal(root.attributes["voice.duration_ms"], now - startedAt);
  const { attributes } = one(exporter.spans, "agent_turn");
  assert.equal(attributes["teespan.turn.kind"], "reply");
  // it waited for whoever woke up, too
  assert.equal(attributes["lk.e2e_latency"], 5.52);
  assert.equal(summary.usage.llm.outputTokens, 8);
  assert.equal(summary.attempts.total, 3);
  assert.deepEqual(summary.turns, { user: 1, agent: 1, interrupted: 0 });
});

Deno.test("a text that cannot be read tells why, and starts a fresh session", async () => {
  const text = openStage().session.suspend();
  for (
    const [broken, why] of [
      [text.replace("s-1", "s-2"), /text was changed/],
      [text.replace("teespan1", "teespan9"), /of version 1: current value is 9/],
      [text.slice(0, 40), /not the text that suspend\(\) gave/],
      ["", /not the text/],
    ] as const
  ) {
    const troubles: string[] = [];
    const telemetry = startKept({ onError: (error) => troubles.push(String(error)) });
    const session = telemetry.resumeSession(broken, { id: "fresh" });
    assert.equal(session.id, "fresh");
    assert.equal(session.summary().attempts.total, 0);
    session.end();
    await telemetry.shutdown();
    assert.equal(telemetry.spans.length, 1);
    assert.equal(troubles.length, 1);
    assert.match(troubles[0]!, why);
  }
});

Deno.test("a shutdown ends sessions that nobody ended, and a second end says the same", async () => {
  const stage = openStage();
  const turn = stage.session.agentTurn({ kind: "say" });
  await stage.telemetry.shutdown();
  assert.equal(named(stage.spans, "agent_session").length, 1);
  assert.equal(parentOf(one(stage.spans, "agent_turn")), idOf(one(stage.spans, "agent_session")));
  turn.end();
  assert.deepEqual(stage.session.end(), stage.session.end({ outcome: "error" }));
});

Deno.test("an attempt by hand hears turns, takes ids and ends once", async () => {
  const stage = openStage();
  const attempt = stage.session.startAttempt({ operation: "stt", provider: "gcp.speech", model: "chirp_2" });
  for (let sent = 0; sent < 10; sent++) {
    stage.pass(100);
    attempt.audioSent(0.1);
  }
  attempt.turn().speechStarted({ audioSeconds: 0.2 });
  attempt.output("text");
  attempt.turn().transcript({ final: true, confidence: 0.9, endSeconds: 0.8 });
  attempt.noteRequestId("66aa1b2c");
  attempt.noteRequestId("0"); // an id that is none
  stage.pass(100);
  attempt.turn().commit();
  attempt.turn().settle();
  attempt.end({ billedSeconds: 2 });
  attempt.fail(new Error("late"));
  await stage.end();
  const { attributes } = one(stage.spans, "stt_request_run");
  assert.deepEqual(attributes["lk.provider_request_ids"], ["66aa1b2c"]);
  assert.equal(attributes["teespan.audio.sent_duration"], 1);
  assert.equal(attributes["teespan.billed_duration"], 2);
  assert.equal(attributes["teespan.stt.time_to_first_transcript"], 0.8);
  assert.equal(attributes["teespan.stt.time_to_first_transcript.source"], "provider");
  assert.equal(attributes["teespan.outcome"], "success");
  const user = one(stage.spans, "user_turn").attributes;
  assert.deepEqual(user["lk.provider_request_ids"], ["66aa1b2c"]);
  assert.equal(user["gen_ai.provider.name"], "gcp.speech");
  assert.equal(user["lk.transcription_delay"], 0.2);
  assert.equal(user["lk.end_of_turn_delay"], 0.3);
});

Deno.test("an attempt by hand that is not well described is refused at once", async () => {
  const telemetry = startKept();
  assert.throws(() => telemetry.startAttempt({ operation: "video" as never, provider: "x" }), TypeError);
  assert.throws(() => telemetry.startAttempt({ operation: "stt", provider: "" }), /provider must be a text/);
  assert.throws(
    () => telemetry.startAttempt({ operation: "stt", provider: "x", url: "nowhere" }),
    /absolute URL/,
  );
  await telemetry.shutdown();
});
