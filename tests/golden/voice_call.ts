/**
 * One voice call, as a script: a greeting, two turns of the user, one tool, one barge-in, one 429, one recognition
 * that is lost and comes back. All of it on a clock of its own, so that every run is the same to the millisecond.
 */

import { startReceiver } from "../support/strict_receiver.ts";
import type { ReceivedMetric, ReceivedSpan } from "../../src/testing/mod.ts";
import type { SessionSummary } from "../../mod.ts";
import {
  ask,
  CHAT,
  chat,
  LISTEN,
  open,
  openStage,
  results,
  say,
  SPEAK,
  speak,
  spoken,
  type Stage,
} from "../support/stage.ts";

/** What a collector got of the call, and what the program knows of it. */
export interface Call {
  readonly startedAt: number;
  readonly spans: readonly ReceivedSpan[];
  readonly metrics: readonly ReceivedMetric[];
  readonly summary: SessionSummary;
}

/** Holds the call. */
export async function holdCall(): Promise<Call> {
  await using receiver = await startReceiver();
  const stage = openStage({
    id: "call-1",
    name: "voice.session",
    attributes: { "tenant.id": "acme", "voice.room_name": "room-1" },
  }, { exporter: undefined, endpoint: receiver.url, metricIntervalMs: false });
  const startedAt = stage.now;
  const { session } = stage;
  stage.pass(40);
  const tts = open(session, SPEAK);
  await greet(stage, tts);
  const lost = open(session, LISTEN);
  askForOrder(stage, lost);
  await answerWithTool(stage, tts);
  stage.pass(200);
  speak(stage, lost, 100);
  lost.shut(1011);
  stage.pass(150);
  const stt = open(session, LISTEN);
  askAgain(stage, stt);
  await answerAndBeInterrupted(stage, tts);
  stage.pass(100);
  stt.shut(1000);
  tts.shut(1000);
  const summary = session.end({ outcome: "success", disconnectReason: "client_initiated" });
  await stage.telemetry.shutdown();
  return { startedAt, spans: receiver.spans, metrics: receiver.metrics, summary };
}

type Socket = ReturnType<typeof open>;

function greet(stage: Stage, tts: Socket): Promise<void> {
  return stage.session.operation("voice.deliver_initial_greeting", (node) => {
    node.run(() => say(tts, "greeting"));
    stage.pass(180);
    spoken(tts, "greeting", false);
    stage.pass(320);
    spoken(tts, "greeting", true);
    stage.session.count("voice.greetings.delivered");
  });
}

/** The caller's own voice activity detection tells, and a turn detector judges. */
function askForOrder(stage: Stage, stt: Socket): void {
  const turn = stage.session.userTurn();
  speak(stage, stt, 300);
  turn.speechStarted({ secondsAgo: 0.2 });
  results(stt, false, [0.1, 0.28]);
  speak(stage, stt, 700);
  turn.speechStopped({ secondsAgo: 0.1 });
  stage.pass(120);
  results(stt, true, [0.1, 0.9]);
  stage.pass(30);
  turn.endOfTurn({ probability: 0.93, seconds: 0.02 });
  stage.pass(50);
  turn.commit();
}

/** The first try is refused; the model wants a tool, then speaks. */
async function answerWithTool(stage: Stage, tts: Socket): Promise<void> {
  stage.answers.push(tooManyRequests(stage), toolCall(stage), chat(stage, 260, 90));
  const turn = stage.session.agentTurn({ id: "speech_1" });
  await turn.userTurnCompleted(() => stage.pass(15));
  const labels = { name: "llm.voice_response", useCase: "voice.reply", callSite: "reply.ts" };
  await turn.llm(labels, async ({ fetch }) => {
    await (await fetch(CHAT, ask)).text();
    stage.pass(500); // as the provider asked
    await (await fetch(CHAT, ask)).text();
  });
  await turn.tool({ name: "look_up_order", id: "call_1" }, () => stage.pass(70));
  await turn.llm(labels, async ({ fetch }) => void await (await fetch(CHAT, ask)).text());
  await turn.tts({}, (node) => {
    node.run(() => say(tts, "reply-1"));
    stage.pass(140);
    spoken(tts, "reply-1", false);
    stage.pass(25);
    turn.agentStartedSpeaking();
    stage.pass(300);
    spoken(tts, "reply-1", true);
  });
  stage.pass(400);
  turn.agentStoppedSpeaking();
  turn.end();
}

/** The provider's signals alone tell. */
function askAgain(stage: Stage, stt: Socket): void {
  speak(stage, stt, 200);
  stt.receive(JSON.stringify({ type: "SpeechStarted", timestamp: 0.05 }));
  speak(stage, stt, 400);
  results(stt, false, [0.05, 0.4]);
  stage.pass(180);
  results(stt, true, [0.05, 0.5], true);
}

/** The user speaks into it: the application stops speech, and says so. */
async function answerAndBeInterrupted(stage: Stage, tts: Socket): Promise<void> {
  stage.answers.push(chat(stage, 210, 60));
  const turn = stage.session.agentTurn({ id: "speech_2" });
  await turn.llm(
    { name: "llm.voice_response" },
    async ({ fetch }) => void await (await fetch(CHAT, ask)).text(),
  );
  await turn.tts({}, (node) => {
    node.run(() => say(tts, "reply-2"));
    stage.pass(110);
    spoken(tts, "reply-2", false);
    turn.agentStartedSpeaking();
    stage.pass(240);
    turn.interrupt();
    tts.send(JSON.stringify({ context_id: "reply-2", cancel: true }));
  });
  stage.pass(20);
  turn.agentStoppedSpeaking();
  turn.end();
}

function tooManyRequests(stage: Stage): () => Promise<Response> {
  return () => {
    stage.pass(35);
    return Promise.resolve(
      new Response('{"error":{"type":"requests","code":"rate_limit_exceeded"}}', {
        status: 429,
        headers: { "content-type": "application/json", "x-request-id": "req_busy", "retry-after": "0.5" },
      }),
    );
  };
}

function toolCall(stage: Stage): () => Promise<Response> {
  const chunk = (delta: object, rest: object = {}): string =>
    `data: ${
      JSON.stringify({
        id: "chatcmpl-tool",
        model: "gpt-x-1",
        choices: [{ index: 0, delta, ...rest }],
      })
    }\n\n`;
  const call = { index: 0, id: "call_1", function: { name: "look_up_order", arguments: "{}" } };
  return () => {
    stage.pass(190);
    return Promise.resolve(
      new Response(
        chunk({ tool_calls: [call] }) + chunk({}, { finish_reason: "tool_calls" }) + "data: [DONE]\n\n",
        { headers: { "content-type": "text/event-stream", "x-request-id": "req_tool" } },
      ),
    );
  };
}
