/** What realtime models are asked over sockets: who said what, kept until it is answered, bounded, and only where wanted. */

import assert from "node:assert/strict";
import type { ContentOptions } from "../../mod.ts";
import type { SocketFormat, SocketSinks } from "../../src/types.ts";
import { eventMessage } from "../support/event_stream.ts";
import type { FakeWebSocket } from "../support/fake_websocket.ts";
import { named, open, openStage } from "../support/stage.ts";
import { TOY_URL, toyProvider } from "../support/toy_format.ts";

const ALL: ContentOptions = { prompts: true, transcripts: true, toolArguments: true };

const OPENAI = "wss://api.openai.com/v1/realtime?model=gpt-realtime";
const GEMINI =
  "wss://generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
const SONIC =
  "wss://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-sonic-v1:0/invoke-with-bidirectional-stream";
const PHONIC = "wss://api.phonic.ai/v1/sts/ws";
const ULTRAVOX = "wss://prod-voice.ultravox.ai/calls/9a8b7c6d-1111-4222-8333-444455556666/server_web_socket";

/** One on a socket. */
interface Talk {
  readonly socket: FakeWebSocket;
  /** The caller says so. */
  readonly send: (frame: object) => void;
  /** The provider does. */
  readonly receive: (frame: object) => void;
}

/** The attributes of each response in a talk. */
async function responsesOf(
  url: string,
  talk: (talk: Talk) => void,
  content: ContentOptions = ALL,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const stage = openStage({}, { content });
  const socket = open(stage.session, url);
  const isSonic = url === SONIC;
  const bytes = (chunk: object, sent: boolean) => eventMessage({ event: "chunk", chunk }, sent).buffer;
  talk({
    socket,
    send: (frame) => socket.send(isSonic ? bytes(frame, true) : JSON.stringify(frame)),
    receive: (frame) => socket.receive(isSonic ? bytes(frame, false) : JSON.stringify(frame)),
  });
  socket.shut(1000);
  await stage.end();
  return named(stage.spans, "realtime_inference").map(({ attributes }) => attributes);
}

/** What an attempt was asked, short: instructions, messages as `role: words`, tools. */
function short(attributes: Readonly<Record<string, unknown>>): string[] {
  const list = (name: string) => JSON.parse(String(attributes[name] ?? "[]"));
  const words = (
    part: { type: string; content?: string; response?: string; modality?: string; name?: string },
  ) => part.type === "blob" ? `<${part.modality}>` : part.content ?? part.response ?? part.name ?? part.type;
  return [
    ...list("gen_ai.system_instructions").map(words),
    ...list("gen_ai.input.messages").map(({ role, parts }: { role: string; parts: never[] }) =>
      `${role}: ${parts.map(words).join(" ")}`
    ),
    ...list("gen_ai.tool.definitions").map(({ name }: { name: string }) => `(${name})`),
  ];
}

const user = (...content: object[]) => ({
  type: "conversation.item.create",
  item: { type: "message", role: "user", content },
});
const text = (text: string) => ({ type: "input_text", text });
const tool = (name: string) => ({ type: "function", name, parameters: {} });

function respond({ receive }: Talk, id: string, during?: () => void): void {
  receive({ type: "response.created", response: { id } });
  during?.();
  receive({ type: "response.done", response: { id, status: "completed", output: [] } });
}

function hear({ receive }: Talk, item: string): void {
  receive({ type: "input_audio_buffer.speech_started", item_id: item, audio_start_ms: 0 });
  receive({ type: "input_audio_buffer.speech_stopped", item_id: item, audio_end_ms: 100 });
  receive({ type: "input_audio_buffer.committed", item_id: item });
}

function transcribe({ receive }: Talk, item: string, transcript: string): void {
  const type = "conversation.item.input_audio_transcription.completed";
  receive({ type, item_id: item, transcript });
}

const CREATED = { type: "session.created", session: { id: "sess_1", instructions: "Be nice.", tools: [] } };

Deno.test("OpenAI: what stands goes on, in parts said anew; what was said is asked once", async () => {
  const responses = await responsesOf(OPENAI, (talk) => {
    const { send, receive } = talk;
    receive(CREATED);
    send({ type: "session.update", session: { instructions: "Be brief.", tools: [tool("look_up")] } });
    send(user(text("What is this?"), { type: "input_image", image_url: "data:image/png;base64,AAAA" }));
    send({ type: "response.create" });
    respond(talk, "resp_1");
    receive({ type: "session.updated", session: { instructions: null } });
    send({ type: "session.update", session: { tools: [] } });
    send({
      type: "conversation.item.create",
      item: { type: "function_call_output", call_id: "call_1", output: '{"days":7}' },
    });
    send({ type: "response.create", response: { instructions: "Be loud." } });
    respond(talk, "resp_2");
    respond(talk, "resp_3");
  });
  assert.deepEqual(responses.map(short), [
    ["Be brief.", "user: What is this? <image>", "(look_up)"],
    ["Be loud.", 'tool: {"days":7}'],
    ["Be brief."],
  ]);
});

Deno.test("OpenAI: a turn is what its response was asked, also where its words come late", async () => {
  const responses = await responsesOf(OPENAI, (talk) => {
    talk.receive(CREATED);
    hear(talk, "item_1");
    respond(talk, "resp_1", () => transcribe(talk, "item_1", "What is a span?"));
    talk.send(user(text("In writing, please.")));
    respond(talk, "resp_2");
    hear(talk, "item_2");
    // after the response: too late
    respond(talk, "resp_3");
    transcribe(talk, "item_2", "And a trace?");
    respond(talk, "resp_4");
  });
  assert.deepEqual(responses.map(short), [
    ["Be nice.", "user: What is a span?"],
    ["Be nice.", "user: In writing, please."],
    ["Be nice."],
    ["Be nice."],
  ]);
});

Deno.test("OpenAI: what is asked beside the conversation, or refused, leaves what was said for the next", async () => {
  const responses = await responsesOf(OPENAI, (talk) => {
    const { send, receive } = talk;
    receive(CREATED);
    send(user(text("What is a span?")));
    send({
      type: "response.create",
      response: { conversation: "none", input: [user(text("Sum up.")).item] },
    });
    respond(talk, "resp_1");
    send({ type: "response.create", response: { conversation: "none", instructions: "Classify." } });
    respond(talk, "resp_2");
    send({ type: "response.create", event_id: "e-1" });
    receive({ type: "error", error: { type: "invalid_request_error", event_id: "e-1" } });
    send({ type: "response.create" });
    respond(talk, "resp_3");
    send({ type: "response.create" });
    respond(talk, "resp_4");
  });
  assert.deepEqual(responses.map(short), [
    ["Be nice.", "user: Sum up."],
    ["Classify.", "user: What is a span?"],
    ["Be nice.", "user: What is a span?"],
    ["Be nice.", "user: What is a span?"],
    ["Be nice."],
  ]);
});

Deno.test("Gemini Live: a tool's result is of the reply that called it, unless that is over", async () => {
  const result = {
    toolResponse: { functionResponses: [{ id: "fc-1", name: "look_up", response: { output: "Much." } }] },
  };
  const call = { toolCall: { functionCalls: [{ id: "fc-1", name: "look_up", args: { q: "span" } }] } };
  const over = { serverContent: { turnComplete: true } };
  const responses = await responsesOf(GEMINI, ({ send, receive }) => {
    send({
      setup: {
        model: "models/gemini-x",
        systemInstruction: { parts: [{ text: "Be brief." }] },
        tools: [{ functionDeclarations: [{ name: "look_up" }] }],
      },
    });
    send({
      clientContent: {
        turns: [{ role: "user", parts: [{ text: "Hi." }] }, { role: "model", parts: [{ text: "Hello." }] }],
      },
    });
    send({
      clientContent: { turns: [{ role: "user", parts: [{ text: "What is a span?" }] }], turnComplete: true },
    });
    receive(call);
    send(result);
    receive(over);
    send({ realtimeInput: { text: "And now?" } });
    receive(call);
    receive(over);
    send(result);
    receive({ serverContent: { modelTurn: { parts: [{ text: "Done." }] }, turnComplete: true } });
  });
  assert.deepEqual(responses.map(short), [
    [
      "Be brief.",
      "user: Hi.",
      "assistant: Hello.",
      "user: What is a span?",
      'tool: {"output":"Much."}',
      "(look_up)",
    ],
    ["Be brief.", "user: And now?", "(look_up)"],
    ["Be brief.", 'tool: {"output":"Much."}', "(look_up)"],
  ]);
  assert.match(String(responses[0]!["gen_ai.input.messages"]), /"id":"fc-1"/);
});

Deno.test("Nova Sonic: contents in pieces, beside the audio that goes on", async () => {
  const responses = await responsesOf(SONIC, ({ send, receive }) => {
    const event = (name: string, fields: object) => ({ event: { [name]: fields } });
    const begin = (contentName: string, fields: object) =>
      send(event("contentStart", { contentName, ...fields }));
    const end = (contentName: string) => send(event("contentEnd", { contentName }));
    const say = (contentName: string, content: string) => send(event("textInput", { contentName, content }));
    const answer = () => {
      receive(event("contentStart", { type: "TEXT", role: "ASSISTANT" }));
      receive(event("textOutput", { content: "Aye." }));
      receive(event("contentEnd", { stopReason: "END_TURN" }));
      receive(event("completionEnd", {}));
    };
    send(event("promptStart", { toolConfiguration: { tools: [{ toolSpec: { name: "stock" } }] } }));
    begin("audio", { type: "AUDIO", role: "USER", audioInputConfiguration: {} });
    begin("system", { type: "TEXT", role: "SYSTEM" });
    say("system", "You sell ");
    send(event("audioInput", { contentName: "audio", content: "AAAA" }));
    say("system", "doughnuts.");
    end("system");
    begin("history", { type: "TEXT", role: "ASSISTANT" });
    say("history", "Ahoy.");
    end("audio");
    end("history");
    begin("typed", { type: "TEXT", role: "USER" });
    say("typed", "Any coffee?");
    end("typed");
    answer();
    begin("tool", { type: "TOOL", role: "TOOL", toolResultInputConfiguration: { toolUseId: "tu-1" } });
    send(event("toolResult", { contentName: "tool", content: "three cups" }));
    end("tool");
    end("nothing");
    answer();
  });
  assert.deepEqual(responses.map(short), [
    ["You sell doughnuts.", "assistant: Ahoy.", "user: Any coffee?", "(stock)"],
    ["You sell doughnuts.", "tool: three cups", "(stock)"],
  ]);
});

Deno.test("Phonic: the prompt as it is, what is put in, tools however they are defined", async () => {
  const responses = await responsesOf(PHONIC, ({ send, receive }) => {
    const answer = () => {
      receive({ type: "assistant_started_speaking" });
      receive({ type: "assistant_finished_speaking" });
    };
    const inline = {
      type: "custom_websocket",
      tool_schema: { type: "function", function: { name: "order" } },
    };
    send({ type: "config", system_prompt: "You sell doughnuts.", tools: ["keypad_input", inline] });
    answer();
    send({ type: "update_system_prompt", system_prompt: "You sell coffee." });
    send({ type: "add_system_message", system_message: "It is late." });
    send({ type: "generate_reply", system_message: null, user_message: "Any coffee?" });
    answer();
    send({ type: "tool_call_output", tool_call_id: "tc-1", output: { cups: 3 } });
    answer();
    send({ type: "reset", config: { system_prompt: "You sell tea.", tools: [] } });
    answer();
  });
  assert.deepEqual(responses.map(short), [
    ["You sell doughnuts.", "(keypad_input)", "(order)"],
    ["You sell coffee.", "system: It is late.", "user: Any coffee?", "(keypad_input)", "(order)"],
    ["You sell coffee.", 'tool: {"cups":3}', "(keypad_input)", "(order)"],
    ["You sell tea."],
  ]);
});

Deno.test("Ultravox: what is written, and what tools came to", async () => {
  const responses = await responsesOf(ULTRAVOX, ({ send, receive }) => {
    send({ type: "user_text_message", text: "One doughnut, please." });
    receive({ type: "state", state: "thinking" });
    receive({ type: "client_tool_invocation", toolName: "order", invocationId: "inv-1", parameters: {} });
    send({ type: "client_tool_result", invocationId: "inv-1", result: "ordered" });
    receive({ type: "transcript", role: "agent", text: "Here it comes.", final: true });
  });
  assert.deepEqual(responses.map(short), [["user: One doughnut, please."], ["tool: ordered"]]);
});

Deno.test("Ultravox: what a call was made with is what its responses are asked, kept until it is joined", async () => {
  const callId = "9a8b7c6d-1111-4222-8333-444455556666";
  const asked = async (body: object, joins: number): Promise<unknown> => {
    const stage = openStage({}, { content: ALL });
    stage.answers.push(() => Promise.resolve(Response.json({ callId }, { status: 201 })));
    const init = { method: "POST", body: JSON.stringify(body) };
    await (await stage.session.fetch("https://api.ultravox.ai/api/calls", init)).text();
    for (let join = 0; join < joins; join++) {
      const socket = open(stage.session, ULTRAVOX);
      socket.receive(JSON.stringify({ type: "state", state: "speaking" }));
      socket.shut(1000);
    }
    await stage.end();
    return named(stage.spans, "realtime_inference").map(({ attributes }) => short(attributes));
  };
  const selectedTools = [
    { toolName: "hangUp" },
    { temporaryTool: { modelToolName: "order" } },
    { toolId: "t-1", nameOverride: "pay" },
    null,
  ];
  const all = ["You sell doughnuts.", "(hangUp)", "(order)", "(pay)"];
  assert.deepEqual(await asked({ systemPrompt: "You sell doughnuts.", selectedTools }, 2), [all, all, []]);
  const long = "x".repeat(70_000);
  assert.deepEqual(await asked({ systemPrompt: long }, 1), [[long.slice(0, 16_384)], []]);
});

/** A talk with all kinds of words. */
function everything(talk: Talk): void {
  talk.receive(CREATED);
  talk.send(user(text("secret question")));
  talk.send({
    type: "conversation.item.create",
    item: { type: "function_call_output", call_id: "call_1", output: "secret result" },
  });
  hear(talk, "item_1");
  transcribe(talk, "item_1", "secret speech");
  respond(talk, "resp_1");
}

Deno.test("each kind of words is switched, and redacted, as what it is", async () => {
  const asked = async (content: ContentOptions) =>
    (await responsesOf(OPENAI, everything, content)).map(short);
  assert.deepEqual(await asked({}), [[]]);
  assert.deepEqual(await asked({ transcripts: true, toolArguments: true }), [[]]);
  const question = "user: secret question";
  assert.deepEqual(await asked({ prompts: true }), [["Be nice.", question, "tool: tool_call_response"]]);
  assert.deepEqual(await asked({ prompts: true, transcripts: true }), [
    ["Be nice.", question, "tool: tool_call_response", "user: secret speech"],
  ]);
  const redact: ContentOptions["redact"] = (text, kind) => text.replace("secret", kind);
  assert.deepEqual(await asked({ ...ALL, redact }), [
    ["Be nice.", "user: input question", "tool: tool_result result", "user: transcript speech"],
  ]);
});

Deno.test("formats are given nothing to tell it to where nobody wants prompts, or nobody is asked", async () => {
  const takes = async (
    content: ContentOptions | undefined,
    operation: "realtime" | "stt",
  ): Promise<boolean> => {
    const given: SocketSinks[] = [];
    const format: SocketFormat = {
      name: "toy",
      open: (_request, sinks) => {
        given.push(sinks);
        return { sent() {}, received() {} };
      },
    };
    const row = toyProvider(format);
    const providers = [{ ...row, sockets: row.sockets!.map((socket) => ({ ...socket, operation })) }];
    const stage = openStage({}, { content, providers });
    open(stage.session, TOY_URL).shut(1000);
    await stage.end();
    return given[0]!.asked !== undefined;
  };
  assert.equal(await takes(undefined, "realtime"), false);
  assert.equal(await takes({ transcripts: true, toolArguments: true }, "realtime"), false);
  assert.equal(await takes({ prompts: true }, "realtime"), true);
  assert.equal(await takes(ALL, "stt"), false);
});

Deno.test("only the newest of what waits is kept, and it is said that there was more", async () => {
  const [many, large, small] = await responsesOf(OPENAI, (talk) => {
    talk.receive(CREATED);
    for (let i = 0; i < 300; i++) talk.send(user(text(`${i}`)));
    respond(talk, "resp_1");
    for (const letter of "abcdef") talk.send(user(text(letter.repeat(30_000))));
    respond(talk, "resp_2");
    talk.send(user(text("Hi.")));
    respond(talk, "resp_3");
  });
  const messages = JSON.parse(String(many!["gen_ai.input.messages"]));
  assert.equal(messages.length, 256);
  assert.equal(messages.at(-1).parts[0].content, "299");
  assert.equal(many!["teespan.content.truncated"], true);
  const [newest, ...others] = JSON.parse(String(large!["gen_ai.input.messages"]));
  assert.equal(newest.parts[0].content, "f".repeat(16_384));
  assert.deepEqual(others, []);
  assert.equal(large!["teespan.content.truncated"], true);
  assert.equal(small!["teespan.content.truncated"], undefined);
});
