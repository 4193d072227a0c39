/** Tools in a turn of the agent: which of their time the user waits for. */

import assert from "node:assert/strict";
import {
  ask,
  busy,
  CHAT,
  chat,
  hear,
  one,
  open,
  openStage,
  say,
  SPEAK,
  spoken,
  type Stage,
  TEXT,
  TOOL_CALL,
} from "../support/stage.ts";

/** The parts of the latency of the only turn of the agent, in milliseconds. */
function partsOf({ spans }: Stage): Record<string, number> {
  const prefix = "teespan.turn.latency.";
  return Object.fromEntries(
    Object.entries(one(spans, "agent_turn").attributes).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), Math.round(Number(value) * 1000)]] : []
    ),
  );
}

Deno.test("rounds of tools are parts of what the user waits for, whatever the tools themselves ask", async () => {
  const stage = openStage();
  hear(stage);
  const tts = open(stage.session, SPEAK);
  const turn = stage.session.agentTurn();
  const askModel = () => turn.llm({}, async ({ fetch }) => void await (await fetch(CHAT, ask)).text());
  const look = (milliseconds: number) =>
    turn.tool({ name: "look_up" }, async ({ fetch }) => {
      stage.pass(milliseconds);
      await (await fetch(CHAT, ask)).text();
    });
  stage.answers.push(
    chat(stage, 100, 10, TOOL_CALL),
    chat(stage, 7, 1), // asked by a tool
    busy,
    chat(stage, 200, 20, TOOL_CALL),
    chat(stage, 8, 1), // asked by a tool
    chat(stage, 300, 30),
  );
  await askModel();
  await look(40);
  stage.pass(3);
  await turn.llm({}, async ({ fetch }) => {
    await (await fetch(CHAT, ask)).text();
    stage.pass(50); // the wait before the second try
    await (await fetch(CHAT, ask)).text();
  });
  stage.pass(2);
  await look(60);
  await askModel();
  say(tts, "c");
  stage.pass(90);
  spoken(tts, "c", true);
  turn.agentStartedSpeaking();
  turn.agentStoppedSpeaking();
  turn.end();
  await stage.end();
  assert.deepEqual(partsOf(stage), {
    transcription: 0,
    end_of_turn: 200,
    reply: 0,
    llm_ttft: 100,
    tool_call: 10 + 22,
    tools: 40 + 8 + 3 + 60 + 9,
    llm_follow_up: 50 + 200 + 300,
    speech_wait: 30,
    tts_ttfb: 90,
    playback: 0,
  });
  // LiveKit's figure is of the first call alone
  assert.equal(one(stage.spans, "agent_turn").attributes["lk.response.ttft"], 0.1);
});

Deno.test("a tool that nobody brackets is known by the response that calls it", async () => {
  const stage = openStage();
  hear(stage);
  const tts = open(stage.session, SPEAK);
  const turn = stage.session.agentTurn();
  stage.answers.push(chat(stage, 100, 10, TOOL_CALL), chat(stage, 200, 20), chat(stage, 300, 30));
  await (await turn.fetch(CHAT, ask)).text();
  stage.pass(40);
  await (await turn.fetch(CHAT, ask)).text();
  // no tool was called: this one is asked for something else
  await (await turn.fetch(CHAT, ask)).text();
  say(tts, "c");
  stage.pass(90);
  spoken(tts, "c", true);
  turn.end();
  await stage.end();
  assert.deepEqual(partsOf(stage), {
    transcription: 0,
    end_of_turn: 200,
    reply: 0,
    llm_ttft: 100,
    tools: 50,
    llm_follow_up: 200,
    speech_wait: 20 + 330,
    tts_ttfb: 90,
  });
});

Deno.test("a tool that runs while the agent speaks is no part of what the user waits for", async () => {
  const stage = openStage();
  hear(stage);
  const tts = open(stage.session, SPEAK);
  const turn = stage.session.agentTurn();
  stage.answers.push(chat(stage, 100, 10, { ...TEXT, ...TOOL_CALL }), chat(stage, 200, 20));
  await (await turn.fetch(CHAT, ask)).text();
  say(tts, "c");
  await turn.tool({ name: "look_up" }, () => stage.pass(30));
  await (await turn.fetch(CHAT, ask)).text();
  spoken(tts, "c", true);
  turn.end();
  await stage.end();
  assert.deepEqual(partsOf(stage), {
    transcription: 0,
    end_of_turn: 200,
    reply: 0,
    llm_ttft: 100,
    speech_wait: 10,
    tts_ttfb: 30 + 220,
  });
});
