/** Whatever a clock says: spans end after they began, lie within their parents, and no figure is negative. */

import assert from "node:assert/strict";
import type { HrTime } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-web";
import fc from "fast-check";
import type { AgentTurn, Session, Telemetry, WebSocketClass } from "../../mod.ts";
import { steady } from "../../src/telemetry/clock.ts";
import { FakeWebSocket } from "../support/fake_websocket.ts";
import { ask, AUDIO, CHAT, LISTEN, results, say, SPEAK, spoken } from "../support/stage.ts";
import { check } from "./runs.ts";
import { startWorld } from "./world.ts";

const REALTIME = "wss://api.openai.com/v1/realtime?model=gpt-realtime";

/** By how many milliseconds the clock moves from one reading to the next. */
const move = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, 0, 1, 20, 300) },
  { weight: 2, arbitrary: fc.double({ min: 0, max: 0.01, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(-0.003, -1, -900, -3_600_000, 86_400_000, -86_400_000) },
);

/** What the conversation is made of. */
const steps = [
  "chat",
  "cancelled chat",
  "chat in a node",
  "chat outside",
  "chat in a request",
  "listen",
  "audio",
  "interim",
  "final",
  "turn is over",
  "stop listening",
  "speak",
  "text",
  "speech",
  "last speech",
  "stop speaking",
  "converse",
  "response",
  "response audio",
  "response done",
  "user speaks",
  "user stops",
  "user is judged",
  "user commits",
  "agent turn",
  "agent is heard",
  "agent is silent",
  "agent ends",
  "tool",
  "attempt by hand",
  "suspend",
] as const;

interface Case {
  readonly moves: readonly number[];
  readonly steps: readonly (typeof steps)[number][];
}

const cases: fc.Arbitrary<Case> = fc.record({
  moves: fc.array(move, { minLength: 1, maxLength: 30 }),
  steps: fc.array(fc.constantFrom(...steps), { maxLength: 40, size: "max" }),
});

let moves: readonly number[] = [0];
let now = 0;
let at = 0;
const START = 1_790_000_000_000;

const answer = (): Response =>
  new Response('data: {"id":"chatcmpl-1","choices":[{"delta":{"content":"Hi"}}]}\n\ndata: [DONE]\n\n', {
    headers: { "content-type": "text/event-stream" },
  });

const world = startWorld({
  clock: { now: () => now += moves[at++ % moves.length]! },
  fetch: () => Promise.resolve(answer()),
  WebSocket: FakeWebSocket as unknown as WebSocketClass,
});

/** One conversation, and what is open in it. */
class Play {
  session: Session;
  turn: AgentTurn | undefined;
  readonly sockets = new Map<string, FakeWebSocket>();
  readonly told: unknown[] = [];

  constructor(readonly telemetry: Telemetry) {
    this.session = this.#watched(telemetry.startSession({ id: "s" }));
  }

  #watched(session: Session): Session {
    session.on("metrics", (event) => this.told.push(event));
    session.on("attempt", ({ startedAt, completedAt }) => this.told.push({ took: completedAt - startedAt }));
    return session;
  }

  async step(step: Case["steps"][number]): Promise<void> {
    const { session, telemetry, turn } = this;
    const listening = this.sockets.get(LISTEN);
    const speaking = this.sockets.get(SPEAK);
    const conversing = this.sockets.get(REALTIME);
    const tell = (event: object): void => conversing?.receive(JSON.stringify(event));
    switch (step) {
      case "chat":
        return void await (await (turn ?? session).fetch(CHAT, ask)).text();
      case "cancelled chat":
        return await (await session.fetch(CHAT, ask)).body!.cancel();
      case "chat in a node":
        return void await session.llm({}, async ({ fetch }) => await (await fetch(CHAT, ask)).text());
      case "chat outside":
        return void await (await telemetry.fetch(CHAT, ask)).text();
      case "chat in a request": {
        const request = telemetry.startRequest(new Request("http://agent.example/"));
        await (await request.fetch(CHAT, ask)).text();
        return void request.respond(new Response(null));
      }
      case "listen":
        return this.#open(LISTEN);
      case "audio":
        return listening?.send(AUDIO);
      case "interim":
        return listening && results(listening, false, [0, 0.02]);
      case "final":
        return listening && results(listening, true, [0.01, 0.05], true);
      case "turn is over":
        return listening?.receive(JSON.stringify({ type: "UtteranceEnd", last_word_end: 0.04 }));
      case "stop listening":
        return this.#shut(LISTEN);
      case "speak":
        return this.#open(SPEAK);
      case "text":
        return speaking && say(speaking, "c");
      case "speech":
        return speaking && spoken(speaking, "c", false);
      case "last speech":
        return speaking && spoken(speaking, "c", true);
      case "stop speaking":
        return this.#shut(SPEAK);
      case "converse":
        return this.#open(REALTIME);
      case "response":
        tell({ type: "input_audio_buffer.speech_stopped", audio_end_ms: 30, item_id: "i" });
        return tell({ type: "response.created", response: { id: "resp_1" } });
      case "response audio":
        return tell({ type: "response.output_audio.delta", response_id: "resp_1", delta: "AAAA" });
      case "response done":
        return tell({ type: "response.done", response: { id: "resp_1", status: "completed" } });
      case "user speaks":
        return session.userTurn().speechStarted();
      case "user stops":
        return session.userTurn().speechStopped();
      case "user is judged":
        return session.userTurn().endOfTurn({ probability: 0.7 });
      case "user commits":
        session.userTurn().transcript({ final: true });
        return session.userTurn().commit();
      case "agent turn":
        return void (this.turn = session.agentTurn());
      case "agent is heard":
        return turn?.agentStartedSpeaking();
      case "agent is silent":
        return turn?.agentStoppedSpeaking();
      case "agent ends":
        turn?.end();
        return void (this.turn = undefined);
      case "tool":
        return await session.tool({ name: "t" }, () => {});
      case "attempt by hand": {
        const attempt = session.startAttempt({ operation: "stt", provider: "google" });
        attempt.turn().transcript({ final: true });
        attempt.audioSent(0.1);
        attempt.output("text");
        return attempt.end();
      }
      case "suspend":
        this.turn = undefined;
        for (const url of this.sockets.keys()) this.#shut(url);
        this.told.push(session.summary());
        this.session = this.#watched(telemetry.resumeSession(session.suspend(), { id: "s" }));
    }
  }

  end(): void {
    for (const url of this.sockets.keys()) this.#shut(url);
    this.told.push(this.session.end());
  }

  #open(url: string): void {
    this.#shut(url);
    const socket = new this.session.WebSocket(url) as unknown as FakeWebSocket;
    socket.open();
    this.sockets.set(url, socket);
  }

  #shut(url: string): void {
    this.sockets.get(url)?.shut(1000);
    this.sockets.delete(url);
  }
}

const isBefore = ([seconds, nanos]: HrTime, [other, more]: HrTime): boolean =>
  seconds < other || seconds === other && nanos < more;

/** The names of what lies outside its parent. */
function outside(spans: readonly ReadableSpan[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
  return spans.flatMap((span) => {
    const parent = byId.get(span.parentSpanContext?.spanId ?? "");
    if (parent === undefined) return [];
    // what recognizes a turn goes on after it was decided that it is over
    const mayGoOn = parent.name === "user_turn" && span.name === "stt_request_run";
    return isBefore(span.startTime, parent.startTime) || !mayGoOn && isBefore(parent.endTime, span.endTime)
      ? [`${span.name} in ${parent.name}`]
      : [];
  });
}

/** The figures below zero, with the way to them. */
function* negative(value: unknown, path = ""): Generator<string> {
  if (typeof value === "number" && !(value >= 0)) yield `${path} is ${value}`;
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) yield* negative(member, `${path}.${key}`);
}

async function play(one: Case): Promise<void> {
  [moves, now, at] = [one.moves, START, 0];
  const conversation = new Play(world.telemetry);
  for (const step of one.steps) await conversation.step(step);
  conversation.end();
  const suspended = one.steps.filter((step) => step === "suspend").length;
  const spans = await world.settled(suspended);
  assert.deepEqual(outside(spans), []);
  assert.deepEqual([...negative(conversation.told)], []);
  const turned = spans.filter(({ startTime, endTime }) => isBefore(endTime, startTime));
  assert.deepEqual(turned.map(({ name }) => name), []);
}

Deno.test("whatever the clock says, spans lie within their parents, and no figure is negative", () =>
  check(1500, cases, play));

Deno.test("steady() never goes back, keeps the pace, and is ahead by no more than its clock went back", () =>
  check(1000, fc.array(fc.oneof(move, fc.constantFrom(NaN, Infinity))), (changes) => {
    let reading = START;
    let [last, before, back] = [START, START, 0];
    const clock = steady({ now: () => reading }, START);
    assert.equal(clock.now(), START);
    for (const change of changes) {
      reading = last + change;
      const told = clock.now();
      if (!Number.isFinite(change)) {
        assert.equal(told, before);
        continue;
      }
      back += Math.max(-change, 0);
      assert.ok(told >= before && told - before <= Math.max(change, 0) + 1e-3);
      assert.ok(told >= reading && told - reading <= back + 1e-3);
      [last, before] = [reading, told];
    }
  }));
