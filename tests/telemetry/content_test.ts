/** Content: off by default, chosen by kind, redacted, bounded, on the spans where it belongs. */

import assert from "node:assert/strict";
import { type ContentOptions, recordContent, startTelemetry, type TelemetryOptions } from "../../mod.ts";
import { startKept } from "../support/memory_exporter.ts";
import {
  CHAT,
  chat,
  LISTEN,
  one,
  open,
  openStage,
  results,
  say,
  SPEAK,
  speak,
  spoken,
} from "../support/stage.ts";

const ALL: ContentOptions = { prompts: true, transcripts: true, toolArguments: true };

const QUESTION = {
  model: "gpt-x",
  stream: true,
  messages: [{ role: "system", content: "Be brief." }, { role: "user", content: "My name is Ada." }],
};

const ANSWER = {
  id: "chatcmpl-1",
  choices: [{
    index: 0,
    finish_reason: "tool_calls",
    message: {
      role: "assistant",
      content: "Hello Ada 🙂.",
      tool_calls: [{ id: "call_1", function: { name: "look_up", arguments: '{"name":"Ada"}' } }],
    },
  }],
};

/** The attributes of one call, asked and answered as above. */
async function attributesOf(options: TelemetryOptions, question: object = QUESTION) {
  await using telemetry = startKept({
    fetch: (() => Promise.resolve(Response.json(ANSWER))) as typeof fetch,
    ...options,
  });
  await (await telemetry.fetch(CHAT, { method: "POST", body: JSON.stringify(question) })).text();
  await telemetry.flush();
  return telemetry.spans[0]!.attributes;
}

const jsonOf = (value: unknown) => JSON.parse(String(value));

Deno.test("content is off by default, and each kind is switched by itself", async () => {
  const words = (attributes: object) => Object.keys(attributes).filter((key) => /messages|pii/.test(key));
  assert.deepEqual(words(await attributesOf({})), []);
  assert.deepEqual(words(await attributesOf({ content: {} })), []);
  assert.deepEqual(words(await attributesOf({ content: { transcripts: true, toolArguments: true } })), []);
  const prompts = await attributesOf({ content: { prompts: true } });
  assert.deepEqual(words(prompts), ["gen_ai.input.messages", "gen_ai.output.messages"]);
  const call = { type: "tool_call", id: "call_1", name: "look_up" };
  const [said] = jsonOf(prompts["gen_ai.output.messages"]);
  assert.deepEqual(said, {
    role: "assistant",
    parts: [{ type: "text", content: "Hello Ada 🙂." }, call],
    finish_reason: "tool_calls",
  });
  const all = await attributesOf({ content: ALL });
  assert.deepEqual(jsonOf(all["gen_ai.output.messages"])[0].parts[1], {
    ...call,
    arguments: { name: "Ada" },
  });
});

Deno.test("the standard variable asks for content, options override it", async () => {
  const asks = async (value: string, content?: ContentOptions): Promise<boolean> => {
    const env = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: value };
    return (await attributesOf({ env, content }))["gen_ai.input.messages"] !== undefined;
  };
  for (const value of ["true", "TRUE", "1", "span_only", "SPAN_AND_EVENT"]) {
    assert.equal(await asks(value), true, value);
  }
  for (const value of ["", "false", "no_content", "event_only", "maybe"]) {
    assert.equal(await asks(value), false, value);
  }
  assert.equal(await asks("true", { prompts: false }), false);
  assert.equal(await asks("true", { maxLength: 100 }), true);
});

Deno.test("each text is redacted by itself; what the hook throws at is left out, and told of", async () => {
  const kinds: string[] = [];
  const redact: ContentOptions["redact"] = (text, kind) => {
    kinds.push(kind);
    return text.replaceAll("Ada", "***");
  };
  const redacted = await attributesOf({ content: { ...ALL, redact } });
  assert.equal(JSON.stringify(redacted).includes("Ada"), false);
  assert.match(String(redacted["gen_ai.input.messages"]), /My name is \*\*\*/);
  assert.deepEqual(new Set(kinds), new Set(["input", "output", "tool_arguments"]));

  const troubles: unknown[] = [];
  const error = new Error("broken");
  const broken = await attributesOf({
    content: {
      ...ALL,
      redact: (text) => {
        if (text.includes("Ada")) throw error;
        return text;
      },
    },
    onError: (trouble, stage) => troubles.push([trouble, stage]),
  });
  assert.equal(JSON.stringify(broken).includes("Ada"), false);
  assert.deepEqual(jsonOf(broken["gen_ai.input.messages"]), [
    { role: "system", parts: [{ type: "text", content: "Be brief." }] },
  ]);
  assert.deepEqual(troubles[0], [error, "record"]);

  const dropped = await attributesOf({ content: { ...ALL, redact: (() => 5) as unknown as () => string } });
  assert.equal(dropped["gen_ai.input.messages"], undefined);
});

Deno.test("an attribute has so much text and no more, the newest first, and says that it was cut", async () => {
  const question = {
    messages: ["one", "two", "three 🙂"].map((content) => ({ role: "user", content })),
  };
  const attributes = await attributesOf({ content: { ...ALL, maxLength: 10 } }, question);
  const contents = jsonOf(attributes["gen_ai.input.messages"])
    .map(({ parts }: { parts: { content: string }[] }) => parts[0]!.content);
  assert.deepEqual(contents, ["tw", "three 🙂"]);
  assert.equal(attributes["teespan.content.truncated"], true);
  // half of a character is none
  const [said] = jsonOf(
    (await attributesOf({ content: { prompts: true, maxLength: 11 } }))["gen_ai.output.messages"],
  );
  assert.equal(said.parts[0].content, "Hello Ada ");
  const whole = await attributesOf({ content: { ...ALL, maxLength: 10 } }, {
    messages: [{ role: "user", content: "0123456789" }],
  });
  assert.equal(jsonOf(whole["gen_ai.input.messages"])[0].parts[0].content, "0123456789");
});

Deno.test("a redaction sees whole what a cut would have split", async () => {
  const body = `data: ${JSON.stringify({ choices: [{ delta: { content: "card 4111 " } }] })}\n\n` +
    `data: ${JSON.stringify({ choices: [{ delta: { content: "1111 1111 1111, thanks" } }] })}\n\n`;
  const attributes = await attributesOf({
    fetch: (() =>
      Promise.resolve(
        new Response(body, { headers: { "content-type": "text/event-stream" } }),
      )) as typeof fetch,
    content: {
      prompts: true,
      maxLength: 12,
      redact: (text) => text.replaceAll(/\d{4}( \d{4}){3}/g, "#"),
    },
  });
  assert.equal(jsonOf(attributes["gen_ai.output.messages"])[0].parts[0].content, "card #, than");
});

Deno.test("a whole turn has its words on each span: user's turn, node, tool, speech, agent's turn", async () => {
  const stage = openStage({}, { content: ALL });
  const stt = open(stage.session, LISTEN);
  speak(stage, stt, 400);
  results(stt, false, [0.1, 0.2]);
  results(stt, true, [0.1, 0.4], true);
  stage.answers.push(chat(stage, 100, 10));
  const turn = stage.session.agentTurn();
  const reply = await turn.llm(
    {},
    ({ fetch }) => fetch(CHAT, { method: "POST", body: JSON.stringify(QUESTION) }),
  );
  await reply.text();
  await turn.tool(
    { name: "look_up", id: "call_1", arguments: { name: "Ada" } },
    () => Promise.resolve({ orders: 2 }),
  );
  const tts = open(stage.session, SPEAK);
  say(tts, "c");
  spoken(tts, "c", true);
  turn.end();
  const suspended = stage.session.suspend();
  await stage.telemetry.shutdown();
  const of = (name: string) => one(stage.spans, name).attributes;
  assert.equal(of("user_turn")["lk.pii.user_transcript"], "What is a span?");
  assert.deepEqual(jsonOf(of("llm_node")["lk.pii.chat_ctx"]), {
    items: [
      { type: "message", role: "system", content: ["Be brief."] },
      { type: "message", role: "user", content: ["My name is Ada."] },
    ],
  });
  assert.equal(of("llm_node")["lk.pii.response.text"], "A piece of work.");
  assert.equal(of("function_tool")["gen_ai.tool.call.arguments"], '{"name":"Ada"}');
  assert.equal(of("function_tool")["lk.pii.function_tool.arguments"], '{"name":"Ada"}');
  assert.equal(of("function_tool")["gen_ai.tool.call.result"], '{"orders":2}');
  assert.equal(of("function_tool")["lk.pii.function_tool.output"], '{"orders":2}');
  assert.equal(of("tts_request_run")["lk.pii.input_text"], "A piece of work.");
  assert.equal(of("agent_turn")["lk.pii.user_input"], "What is a span?");
  assert.equal(of("agent_turn")["lk.pii.response.text"], "A piece of work.");
  // what is kept elsewhere, and events, have none
  assert.equal(/piece of work|Ada|span\?/.test(suspended), false);
  assert.equal(JSON.stringify(stage.session.attempts()).includes("piece of work"), false);
  const events = stage.spans.flatMap(({ span }) => span.events.map(({ attributes }) => attributes));
  assert.equal(JSON.stringify(events).includes("span?"), false);
});

Deno.test("whoever answers is told what the user said, whether that is recorded or not", async () => {
  const stage = openStage();
  const told: unknown[] = [];
  stage.session.on("turn", (turn) => void told.push(turn.userTranscript));
  const stt = open(stage.session, LISTEN);
  speak(stage, stt, 400);
  results(stt, true, [0.1, 0.2]);
  results(stt, true, [0.3, 0.4], true);
  await stage.telemetry.flush();
  await stage.end();
  assert.deepEqual(told, ["What is a span? What is a span?"]);
  assert.equal(one(stage.spans, "user_turn").attributes["lk.pii.user_transcript"], undefined);
  assert.equal(JSON.stringify(stage.spans.map(({ attributes }) => attributes)).includes("span?"), false);
});

Deno.test("results of tools that are no plain data are not recorded", async () => {
  const stage = openStage({}, { content: ALL });
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const values = [new Response("secret"), circular, undefined, Symbol("x"), new Map([["secret", 1]])];
  for (const value of values) await stage.session.tool({ name: "t", arguments: value }, () => value);
  await stage.session.tool({ name: "t", arguments: [1] }, () => "text as it is");
  await stage.end();
  const results = stage.spans.map(({ attributes }) => attributes["gen_ai.tool.call.result"]);
  assert.deepEqual(results, [...values.map(() => undefined), "text as it is", undefined]);
  assert.equal(stage.spans[5]!.attributes["gen_ai.tool.call.arguments"], "[1]");
});

Deno.test("what is not sampled is not put together", async () => {
  let asked = 0;
  await using telemetry = startKept({
    fetch: (() => Promise.resolve(Response.json(ANSWER))) as typeof fetch,
    sampleRatio: 0,
    content: {
      ...ALL,
      redact: (text) => {
        asked++;
        return text;
      },
    },
  });
  await (await telemetry.fetch(CHAT, { method: "POST", body: JSON.stringify(QUESTION) })).text();
  assert.equal(asked, 0);
});

Deno.test("an attempt by hand takes words where they are wanted", async () => {
  await using telemetry = startKept({ content: { prompts: true } });
  const attempt = telemetry.startAttempt({ operation: "llm", provider: "on-device" });
  attempt.content?.prompt({
    instructions: [],
    messages: [{ role: "user", parts: [{ type: "text", content: "Hi" }] }],
    tools: ["look_up"],
  });
  attempt.content?.output("text", "Hello");
  attempt.end();
  await telemetry.flush();
  const { attributes } = telemetry.spans[0]!;
  assert.equal(attributes["gen_ai.tool.definitions"], '[{"type":"function","name":"look_up"}]');
  assert.equal(jsonOf(attributes["gen_ai.output.messages"])[0].parts[0].content, "Hello");
  await using silent = startKept();
  assert.equal(silent.startAttempt({ operation: "llm", provider: "on-device" }).content, undefined);
});

Deno.test("faulty options are told of at the start", () => {
  const start = (content: unknown) => () => startTelemetry({ env: {}, content: content as ContentOptions });
  const wrap = (content: unknown) => () => recordContent(content as ContentOptions);
  for (const with_ of [start, wrap]) {
    assert.throws(with_(true), /content must be an object: current value is true/);
    assert.throws(with_({ prompts: "yes" }), /content.prompts must be a boolean: current value is yes/);
    assert.throws(with_({ prompt: true }), /content has no option prompt/);
    assert.throws(with_({ redact: 1 }), /content.redact must be a function/);
    assert.throws(with_({ maxLength: 0 }), RangeError);
  }
});
