/** Speech to speech in a session: each response leaves its turn, measured like any other. */

import assert from "node:assert/strict";
import type { MetricsEvent } from "../../mod.ts";
import { frameData, type SocketFixture, socketFixtures } from "../support/fixtures.ts";
import { idOf, named, one, open, openStage, parentOf, type Stage } from "../support/stage.ts";

function fixtureOf(provider: string, name: string): SocketFixture {
  return socketFixtures.find((one) => one.provider === provider && one.case === name)!;
}

/** Plays a fixture, frame by frame, with 20 ms between. */
function play(stage: Stage, { socket, frames }: SocketFixture, closeCode = 1000): void {
  const fake = open(stage.session, socket.url);
  for (const frame of frames) {
    stage.pass(20);
    if ("closed" in frame) continue;
    const data = frameData(frame);
    if ("sent" in frame) fake.send(data);
    else fake.receive(data);
  }
  fake.shut(closeCode);
}

Deno.test("responses of a realtime model leave turns that answer the user's, a tool's round within one", async () => {
  const stage = openStage();
  const events: MetricsEvent[] = [];
  stage.session.on("metrics", (event) => events.push(event));
  play(stage, fixtureOf("openai", "ws_realtime"));
  const summary = await stage.end();

  const root = one(stage.spans, "agent_session");
  const users = named(stage.spans, "user_turn");
  const agents = named(stage.spans, "agent_turn");
  const responses = named(stage.spans, "realtime_inference");
  assert.equal(users.length, 2);
  assert.equal(agents.length, 2);
  assert.deepEqual([...users, ...agents].map(parentOf), Array(4).fill(idOf(root)));
  const [first, second, third] = responses;
  const byStart = agents.toSorted((a, b) => a.span.startTime[1] - b.span.startTime[1]);
  assert.deepEqual([first, second, third].map((span) => parentOf(span!)), [
    idOf(byStart[0]!),
    idOf(byStart[1]!),
    idOf(byStart[1]!),
  ]);
  for (const { attributes } of agents) {
    assert.equal(attributes["teespan.turn.kind"], "realtime");
    assert.equal(attributes["gen_ai.request.model"], "gpt-realtime");
  }
  // from the end of the user's speech: the padding of the detection is none of it
  const { attributes } = first!;
  assert.equal(attributes["teespan.response.time_to_first_audio.source"], "provider");
  assert.ok(
    Number(attributes["teespan.response.time_to_first_audio"]) > Number(attributes["lk.response.ttfb"]),
  );
  assert.equal(attributes["teespan.response.time_to_first_audio"], byStart[0]!.attributes["lk.e2e_latency"]);
  // the second turn first calls a tool
  const waits = byStart.map(({ attributes }) =>
    ["llm_ttft", "tools", "llm_follow_up"].map((part) => attributes[`teespan.turn.latency.${part}`])
  );
  assert.deepEqual(waits[0]!.slice(1), [undefined, undefined]);
  assert.deepEqual(waits[1], [0, 0.06, 0.06]);
  // the tool's round is no answer to speech of its own
  assert.equal(third!.attributes["teespan.response.time_to_first_audio.source"], "response");
  assert.equal(users[0]!.attributes["gen_ai.request.model"], "gpt-realtime");
  assert.deepEqual(users.map(({ attributes }) => attributes["lk.provider_request_ids"]), [["item_u1"], [
    "item_u2",
  ]]);

  assert.equal(summary.latency.turns.length, 2);
  assert.ok(summary.usage.llm.outputTokens! > 0);
  assert.equal(summary.usage.llm.requests, 3);
  // what was spoken is transcribed by a model of its own, whose tokens are none of the conversation's
  assert.deepEqual(
    new Set(
      summary.usage.models.map(({ operation, model, requests, inputTokens, outputTokens }) =>
        [operation, model, requests, inputTokens, outputTokens].join(" ")
      ),
    ),
    new Set(["realtime gpt-realtime 3 1080 105", "stt gpt-4o-mini-transcribe 2 37 11"]),
  );
  const transcribed = events.filter((event) => event.type === "stt_metrics");
  assert.deepEqual(
    transcribed.map(({ inputTokens, outputTokens, duration }) => [inputTokens, outputTokens, duration]),
    [
      [22, 6, undefined],
      [15, 5, undefined],
    ],
  );
  assert.deepEqual(
    events.flatMap((event) => event.type === "realtime_model_metrics" ? [event.requestId] : []),
    ["resp_1", "resp_2", "resp_3"],
  );
});

Deno.test("a response into which the user speaks marks its turn", async () => {
  const stage = openStage();
  play(stage, fixtureOf("openai", "ws_realtime_interrupted"));
  await stage.end();
  const interrupted = named(stage.spans, "agent_turn").filter(({ attributes }) =>
    attributes["lk.interrupted"]
  );
  assert.ok(interrupted.length >= 1);
  const inside = named(stage.spans, "realtime_inference").filter((span) =>
    span.attributes["lk.interrupted"] && interrupted.some((turn) => idOf(turn) === parentOf(span))
  );
  assert.ok(inside.length >= 1);
  assert.equal(inside[0]!.attributes["teespan.outcome"], "cancelled");
});

Deno.test("the time of a connection that is billed by it is told of when it closes", async () => {
  const stage = openStage();
  const events: MetricsEvent[] = [];
  stage.session.on("metrics", (event) => events.push(event));
  const fixture = fixtureOf("xai", "ws_realtime");
  const before = stage.now;
  play(stage, fixture);
  const seconds = (stage.now - before) / 1000;
  const { usage } = await stage.end();
  const times = events.flatMap((event) =>
    event.type === "realtime_model_metrics" ? event.sessionDuration ?? [] : []
  );
  assert.deepEqual(times, [seconds]);
  assert.equal(usage.llm.sessionDuration, seconds);
});

Deno.test("a conversation that is refused before its first response leaves an attempt with the reason", async () => {
  const stage = openStage();
  const fake = open(stage.session, "wss://api.openai.com/v1/realtime?model=gpt-realtime");
  stage.pass(5);
  fake.shut(4001);
  await stage.end();
  const { attributes } = one(stage.spans, "realtime_inference");
  assert.equal(attributes["error.type"], "close_4001");
  assert.equal(attributes["teespan.outcome"], "error");
});
