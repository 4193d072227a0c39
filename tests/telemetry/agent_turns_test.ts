/** Turns of the agent and nodes: where attempts belong, how it all ends, what listeners can do. */

import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import { failLater } from "../support/memory_exporter.ts";
import {
  ask,
  busy,
  CHAT,
  chat,
  hear,
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

Deno.test("a turn that is begun by the caller answers the user's last turn, although that has ended", async () => {
  const stage = openStage();
  const events: unknown[] = [];
  stage.session.on("metrics", (event) => event.type === "eou_metrics" && events.push(event.speechId));
  const stt = open(stage.session, LISTEN);
  speak(stage, stt, 400);
  results(stt, true, [0.1, 0.4], true);
  await stage.telemetry.flush();
  assert.equal(one(stage.spans, "user_turn").attributes["teespan.turn.outcome"], "committed");
  stage.answers.push(chat(stage, 100, 10));
  const turn = stage.session.agentTurn({ id: "sp-1" });
  const reply = await turn.llm({}, ({ fetch }) => fetch(CHAT, ask));
  await reply.text();
  turn.agentStartedSpeaking();
  turn.agentStoppedSpeaking();
  turn.end();
  turn.end();
  const summary = await stage.end();
  const { attributes } = one(stage.spans, "agent_turn");
  assert.equal(attributes["teespan.turn.kind"], "reply");
  assert.equal(attributes["lk.e2e_latency"], 0.11);
  assert.equal(summary.latency.turns.length, 1);
  assert.deepEqual(events, ["sp-1"]);
});

Deno.test("a turn of the user that nobody answers is told of once", async () => {
  const stage = openStage();
  const events: unknown[] = [];
  stage.session.on("metrics", (event) => event.type === "eou_metrics" && events.push(event.speechId));
  hear(stage);
  hear(stage);
  await stage.end();
  assert.deepEqual(events, [undefined, undefined]);
});

Deno.test("a turn that says something of its own has no latency, and commits nothing", async () => {
  const stage = openStage();
  const user = stage.session.userTurn();
  user.speechStarted();
  user.transcript({ final: true });
  const tts = open(stage.session, SPEAK);
  const turn = stage.session.agentTurn({ kind: "say", attributes: { "voice.greeting": true } });
  say(tts, "c");
  stage.pass(80);
  spoken(tts, "c", true);
  turn.end();
  user.commit();
  await stage.end();
  const agent = one(stage.spans, "agent_turn");
  assert.equal(agent.attributes["teespan.turn.kind"], "say");
  assert.equal(agent.attributes["voice.greeting"], true);
  assert.equal(agent.attributes["lk.response.ttfb"], 0.08);
  assert.equal(agent.attributes["lk.e2e_latency"], undefined);
  assert.equal(agent.attributes["lk.response.ttft"], undefined);
  assert.equal(parentOf(one(stage.spans, "tts_request_run")), idOf(agent));
});

Deno.test("a turn that is begun in an operation is a part of it, and takes what is spoken and asked there", async () => {
  const stage = openStage();
  const { session } = stage;
  const tts = open(session, SPEAK);
  stage.answers.push(chat(stage, 10, 10), chat(stage, 10, 10), chat(stage, 10, 10));
  const call = async ({ fetch }: { fetch: typeof globalThis.fetch }) =>
    void await (await fetch(CHAT, ask)).text();
  await session.operation("voice.deliver_initial_greeting", async () => {
    await call(session);
    const turn = session.agentTurn({ kind: "say", id: "greeting" });
    await call(session);
    await session.llm({ name: "llm.greeting" }, call);
    say(tts, "c");
    stage.pass(80);
    spoken(tts, "c", true);
    turn.agentStartedSpeaking();
    stage.pass(700);
    turn.agentStoppedSpeaking();
    turn.end();
  });
  say(tts, "d");
  spoken(tts, "d", true);
  const summary = await stage.end();
  const [root, operation, turn] = ["agent_session", "voice.deliver_initial_greeting", "agent_turn"].map((
    name,
  ) => one(stage.spans, name));
  assert.equal(parentOf(operation!), idOf(root!));
  assert.equal(parentOf(turn!), idOf(operation!));
  assert.equal(parentOf(one(stage.spans, "llm.greeting")), idOf(turn!));
  assert.deepEqual(named(stage.spans, "llm_request_run").map(parentOf), [
    idOf(operation!),
    idOf(turn!),
    idOf(one(stage.spans, "llm.greeting")),
  ]);
  assert.deepEqual(named(stage.spans, "tts_request_run").map(parentOf), [idOf(turn!), idOf(root!)]);
  assert.equal(turn!.attributes["lk.response.ttfb"], 0.08);
  assert.deepEqual([seconds(turn!), seconds(operation!)], [0.82, 0.84]);
  assert.deepEqual(summary.latency.turns.map(({ speechId, kind }) => [speechId, kind]), [[
    "greeting",
    "say",
  ]]);
  assert.deepEqual(session.attempts().map(({ speechId }) => speechId), [
    undefined,
    "greeting",
    "greeting",
    "greeting",
    undefined,
  ]);
});

Deno.test("a turn that is begun after an operation, or by the user in one, is none of it", async () => {
  const stage = openStage();
  const { session } = stage;
  let later = () => {};
  await session.operation("set_up", () => {
    const run = AsyncLocalStorage.snapshot();
    later = () => run(() => session.agentTurn({ kind: "say" }).end());
    session.on("turn", () => {});
    hear(stage);
  });
  await Promise.resolve();
  later();
  await stage.end();
  const root = idOf(one(stage.spans, "agent_session"));
  assert.deepEqual(named(stage.spans, "agent_turn").map(parentOf), [root, root]);
});

Deno.test("interrupt() marks the turn and stops nothing", async () => {
  const stage = openStage();
  const tts = open(stage.session, SPEAK);
  const turn = stage.session.agentTurn();
  say(tts, "c");
  turn.agentStartedSpeaking();
  turn.interrupt();
  turn.interrupt("programmatic");
  spoken(tts, "c", false);
  assert.equal(stage.telemetry.stats().openAttempts, 1);
  spoken(tts, "c", true);
  turn.end();
  await stage.telemetry.flush();
  assert.equal(named(stage.spans, "agent_turn").length, 0);
  const next = stage.session.agentTurn(); // nobody said that the agent stopped
  next.end();
  await stage.telemetry.flush();
  assert.equal(named(stage.spans, "agent_turn").length, 2);
  await stage.end();
  const { attributes } = named(stage.spans, "agent_turn")[0]!;
  assert.equal(attributes["lk.interrupted"], true);
  assert.equal(attributes["lk.interruption.source"], "user_turn");
  assert.equal(one(stage.spans, "tts_request_run").attributes["teespan.outcome"], "success");
});

Deno.test("a tool that throws marks its span alone, and throws on the very error", async () => {
  const stage = openStage();
  const turn = stage.session.agentTurn();
  const error = Object.assign(new Error("secret words"), { name: "a secret, of the user" });
  await assert.rejects(
    turn.tool({ name: "get_weather", id: "call_1" }, () => Promise.reject(error)),
    (thrown) => thrown === error,
  );
  stage.answers.push(busy);
  await turn.tool({ name: "look_up" }, async ({ fetch }) => void await (await fetch(CHAT, ask)).text());
  turn.end();
  await stage.end();
  const [failed, calm] = named(stage.spans, "function_tool");
  assert.equal(failed!.attributes["lk.function_tool.is_error"], true);
  assert.equal(failed!.attributes["lk.function_tool.id"], "call_1");
  assert.equal(failed!.attributes["gen_ai.tool.name"], "get_weather");
  assert.deepEqual(failed!.status, { code: 2, message: "Error" });
  assert.equal(calm!.attributes["lk.function_tool.is_error"], false); // it coped with the failure inside
  assert.equal(calm!.status.code, 0);
  assert.equal(one(stage.spans, "agent_turn").status.code, 0);
  assert.equal(JSON.stringify(stage.spans.map(({ span }) => span.attributes)).includes("secret"), false);
});

Deno.test("nodes nest, and the outer one waits for a stream that is read after it", async () => {
  const stage = openStage();
  stage.answers.push(chat(stage, 100, 50));
  const turn = stage.session.agentTurn();
  const reply = await turn.operation(
    "voice.plan",
    () => turn.llm({ name: "llm.plan" }, () => stage.telemetry.fetch(CHAT, ask)),
  );
  turn.end();
  await stage.telemetry.flush();
  assert.equal(stage.spans.length, 0);
  await reply.text();
  await stage.telemetry.flush();
  const [attempt, inner, outer, agent] = stage.spans;
  assert.deepEqual([attempt, inner, outer, agent].map((span) => span?.name), [
    "llm_request_run",
    "llm.plan",
    "voice.plan",
    "agent_turn",
  ]);
  assert.deepEqual([parentOf(attempt!), parentOf(inner!), parentOf(outer!)], [
    idOf(inner!),
    idOf(outer!),
    idOf(agent!),
  ]);
  assert.equal(inner!.attributes["lk.response.ttft"], 0.1);
  assert.equal(seconds(outer!), 0.15);
  await stage.end();
});

Deno.test("a node waits for a call that is made later; one without a call ends with its turn", async () => {
  const stage = openStage();
  const turn = stage.session.agentTurn();
  stage.answers.push(chat(stage, 100, 50));
  const later = await turn.llm({ name: "lazy" }, ({ fetch }) => () => fetch(CHAT, ask));
  await turn.llm({ name: "cached" }, () => "from a cache");
  stage.pass(30);
  await (await later()).text();
  await stage.telemetry.flush();
  assert.equal(parentOf(one(stage.spans, "llm_request_run")), idOf(one(stage.spans, "lazy")));
  turn.end();
  stage.pass(1000);
  stage.session.agentTurn().end();
  await stage.telemetry.flush();
  const [first] = named(stage.spans, "agent_turn");
  assert.equal(one(stage.spans, "cached").attributes["outcome"], "success");
  assert.equal(seconds(one(stage.spans, "cached")), 0);
  assert.equal(seconds(first!), 0.18);
  await stage.end();
});

Deno.test("tries of one node are counted, usage is counted once", async () => {
  const stage = openStage();
  stage.answers.push(
    busy,
    () => Promise.reject(new TypeError("no route")),
    chat(stage, 10, 10),
    chat(stage, 10, 10),
  );
  const turn = stage.session.agentTurn();
  await turn.llm({}, async ({ fetch }) => {
    await (await fetch(CHAT, ask)).text();
    stage.pass(100);
    await fetch(CHAT, ask).catch(() => {});
    stage.pass(200);
    await (await fetch(CHAT, ask)).text();
    await (await fetch(CHAT, ask)).text(); // another call, no further try
  });
  turn.end();
  const { usage, errors } = await stage.end();
  assert.deepEqual(
    named(stage.spans, "llm_request_run").map(({ attributes: { ...all } }) => [
      all["lk.retry_count"],
      all["teespan.retry.delay"],
      all["teespan.retry.reason"],
    ]),
    [[undefined, undefined, undefined], [1, 0.1, "503"], [2, 0.2, "TypeError"], [
      undefined,
      undefined,
      undefined,
    ]],
  );
  assert.equal(usage.llm.inputTokens, 24);
  assert.equal(errors.length, 2);
  assert.equal(one(stage.spans, "llm_node").attributes["outcome"], "success");
});

Deno.test("an error after an answer is the node's, whatever its attempts come to", async () => {
  const stage = openStage();
  stage.answers.push(chat(stage, 10, 10));
  const error = new RangeError("too long");
  let reply: Response | undefined;
  await assert.rejects(
    stage.session.llm({}, async ({ fetch }) => {
      reply = await fetch(CHAT, ask);
      throw error;
    }),
    (thrown) => thrown === error,
  );
  await reply!.text();
  await stage.telemetry.flush();
  const node = one(stage.spans, "llm_node");
  assert.equal(node.attributes["error.type"], "RangeError");
  assert.equal(node.status.code, 2);
  await stage.end();
});

Deno.test("handles place attempts without any context manager", async () => {
  const stage = openStage({}, { register: false, activeContext: () => ROOT_CONTEXT });
  for (let answer = 0; answer < 5; answer++) stage.answers.push(chat(stage, 1, 1));
  const { session } = stage;
  const call = async ({ fetch }: { fetch: typeof globalThis.fetch }) =>
    void await (await fetch(CHAT, ask)).text();
  const tts = open(session, SPEAK);
  await call(session);
  const turn = session.agentTurn();
  await call(turn);
  const node = turn.openNode("llm_node", { name: "node" });
  const speech = turn.openNode("tts_node");
  await call(node);
  await call(session); // whose nobody says: that of the node under way
  say(tts, "c");
  spoken(tts, "c", true);
  speech.end();
  node.end();
  await session.llm({ name: "by session" }, call);
  turn.end();
  await stage.end();
  const agent = one(stage.spans, "agent_turn");
  const [nodeId, lateId] = [idOf(one(stage.spans, "node")), idOf(one(stage.spans, "by session"))];
  assert.deepEqual(named(stage.spans, "llm_request_run").map(parentOf), [
    idOf(one(stage.spans, "agent_session")),
    idOf(agent),
    nodeId,
    nodeId,
    lateId,
  ]);
  assert.equal(parentOf(one(stage.spans, "by session")), idOf(agent));
  assert.equal(parentOf(one(stage.spans, "tts_request_run")), idOf(one(stage.spans, "tts_node")));
});

Deno.test("a turn is told of after the frame that decided, in the same task, and begins with the decision", async () => {
  const stage = openStage();
  const { session } = stage;
  const order: string[] = [];
  const stt = open(session, LISTEN);
  const answered = new Promise<void>((resolve) =>
    session.on("turn", () => {
      order.push("turn");
      resolve();
    })
  );
  stt.addEventListener("message", () => void order.push("frame"));
  stt.addEventListener("message", () => {
    order.push("handler");
    // what the handler itself begins is the turn's, too
    stage.answers.push(chat(stage, 100, 10));
    session.fetch(CHAT, ask).then((response) => response.text());
  });
  setTimeout(() => order.push("next task"));
  speak(stage, stt, 400);
  results(stt, true, [0.1, 0.4], true);
  stage.pass(70);
  assert.deepEqual(order, ["frame", "handler"]);
  await answered;
  assert.deepEqual(order, ["frame", "handler", "turn"]);
  await new Promise((resolve) => setTimeout(resolve));
  await stage.end();
  const agent = one(stage.spans, "agent_turn");
  assert.deepEqual(agent.span.startTime, one(stage.spans, "user_turn").span.endTime);
  assert.equal(parentOf(one(stage.spans, "llm_request_run")), idOf(agent));
});

Deno.test("a turn whose session ends in the task that decided is told to nobody", async () => {
  const stage = openStage();
  let told = 0;
  stage.session.on("turn", () => void told++);
  hear(stage);
  await stage.end();
  assert.equal(told, 0);
  assert.equal(named(stage.spans, "agent_turn").length, 1);
});

Deno.test("listeners that throw or reject harm nobody and are reported; removed ones hear nothing", async () => {
  const troubles: unknown[] = [];
  const stage = openStage({}, { onError: (error) => void troubles.push(error) });
  const { session } = stage;
  const heard: string[] = [];
  session.on("turn", () => {
    throw new Error("a");
  });
  session.on("turn", () => Promise.reject(new Error("b")));
  session.on("attempt", () => {
    throw new Error("c");
  });
  session.on("turn", (turn) => void heard.push(turn.id));
  const remove = session.on("turn", () => void heard.push("removed"));
  remove();
  remove();
  hear(stage);
  await new Promise((resolve) => setTimeout(resolve));
  stage.answers.push(busy);
  await (await session.fetch(CHAT, ask)).text();
  await stage.end();
  assert.equal(heard.length, 1);
  assert.deepEqual(troubles.map((error) => (error as Error).message).toSorted(), ["a", "b", "c"]);
  assert.equal(named(stage.spans, "agent_turn").length, 1);
});

Deno.test("a turn that the caller begins is no second one for those who listen for turns", async () => {
  const stage = openStage();
  let told = 0;
  stage.session.on("turn", () => void told++);
  const user = stage.session.userTurn();
  user.speechStarted();
  user.transcript({ final: true });
  stage.session.agentTurn().end();
  await stage.end();
  assert.equal(told, 0);
  assert.equal(one(stage.spans, "agent_turn").attributes["teespan.turn.kind"], "reply");
});

Deno.test("many turns at once are bounded, and late calls harm nothing", async () => {
  const stage = openStage({}, { onError: failLater });
  const turns = Array.from({ length: 100 }, () => {
    const turn = stage.session.agentTurn();
    const attempt = turn.startAttempt({ operation: "llm", provider: "local" });
    return { turn, attempt };
  });
  await stage.telemetry.flush();
  assert.equal(named(stage.spans, "agent_turn").length, 84);
  for (const { attempt } of turns) attempt.end();
  await stage.end();
  turns[0]!.turn.interrupt();
  turns[0]!.turn.agentStartedSpeaking();
  turns[0]!.turn.end();
  await stage.telemetry.flush();
  assert.equal(named(stage.spans, "agent_turn").length, 100);
  assert.equal(stage.session.end().latency.turns.length, 100);
});

Deno.test("the time in the application's hook is a figure of the turn and of the event", async () => {
  const stage = openStage();
  const delays: unknown[] = [];
  stage.session.on(
    "metrics",
    (event) => event.type === "eou_metrics" && delays.push(event.onUserTurnCompletedDelay),
  );
  hear(stage);
  const turn = stage.session.agentTurn();
  const error = new Error("no");
  await assert.rejects(
    turn.userTurnCompleted(() => {
      stage.pass(120);
      throw error;
    }),
    (thrown) => thrown === error,
  );
  turn.end();
  await stage.end();
  assert.deepEqual(delays, [0.12]);
  assert.equal(one(stage.spans, "agent_turn").attributes["lk.on_user_turn_completed_delay"], 0.12);
});

Deno.test("records of one node's tries share an operation, and say what may be tried again", async () => {
  const stage = openStage();
  stage.answers.push(busy, () => Promise.resolve(new Response("{}", { status: 401 })), chat(stage, 100, 10));
  const turn = stage.session.agentTurn({ id: "sp-1", kind: "say" });
  await turn.llm({}, async ({ fetch }) => {
    for (let tries = 0; tries < 3; tries++) await (await fetch(CHAT, ask)).text();
  });
  turn.end();
  const records = stage.session.attempts();
  await stage.end();
  const node = idOf(one(stage.spans, "llm_node"));
  assert.deepEqual(
    records.map(({ operationId, speechId, retryable }) => [operationId, speechId, retryable]),
    [[node, "sp-1", true], [node, "sp-1", false], [node, "sp-1", undefined]],
  );
});

Deno.test("an answer that is read to its end during the next turn is still of its own", async () => {
  const stage = openStage();
  const events: unknown[] = [];
  stage.session.on("metrics", (event) => {
    if (event.type === "llm_metrics" || event.type === "stt_metrics") events.push(event.speechId);
  });
  const stt = open(stage.session, LISTEN);
  speak(stage, stt, 100);
  stage.answers.push(chat(stage, 100, 10), chat(stage, 100, 10));
  const first = stage.session.agentTurn({ id: "sp-1", kind: "say" });
  const response = await first.llm({}, ({ fetch }) => fetch(CHAT, ask));
  const second = stage.session.agentTurn({ id: "sp-2", kind: "say" });
  await response.text();
  await (await second.llm({}, ({ fetch }) => fetch(CHAT, ask))).text();
  stt.shut(1000);
  second.end();
  const records = stage.session.attempts();
  await stage.end();
  assert.deepEqual(records.map(({ speechId }) => speechId), ["sp-1", "sp-2", undefined]);
  assert.deepEqual(events, ["sp-1", "sp-2", undefined]);
});
