import { HumeClient } from "hume";
import { fixture } from "../support/fixtures.ts";
import { answer } from "./compare.ts";
import { hear, hearAndAbort, hearAndCancel, hushed, listen, untilOpen } from "./listen.ts";
import { type SpeechScenario, type SpeechStage, testSpeech, type Ways } from "./speech_compare.ts";
import { NEXT, playing, say, silence } from "./speech_server.ts";
import { speechSpanOf } from "./speech_summary.ts";

type Scenario = SpeechScenario<HumeClient>;

/** Sockets are the global class; there is no option. */
function humeClient({ fetch }: Ways): HumeClient {
  return new HumeClient({ apiKey: "canary", fetch, maxRetries: 0 });
}

const json = fixture("hume", "json");
const refused = fixture("hume", "json_error");
const lines = fixture("hume", "stream_json");
const brokenLines = fixture("hume", "stream_json_error");
const file = fixture("hume", "file");
const fileStream = fixture("hume", "stream_file");

/** The first line of the fixture of lines. */
const firstLine = lines.body.indexOf(10) + 1;

const voice = { name: "v1", provider: "HUME_AI" } as const;
const greeting = {
  utterances: [{ text: "Hello ", voice }, { text: "there" }],
  version: "2",
  format: { type: "pcm" },
} as const;
const asked = { ...greeting, utterances: [...greeting.utterances] };

const overHttp: Scenario[] = [
  {
    name: "synthesizeJson()",
    respond: answer(json),
    run: (client) => client.tts.synthesizeJson({ ...asked, numGenerations: 2 }),
    answers: ["complete"],
    spans: [speechSpanOf(json)],
  },
  {
    name: "synthesizeJson() is refused",
    respond: answer(refused),
    run: (client) => client.tts.synthesizeJson(asked),
    throws: "HumeError",
    answers: ["complete"],
    spans: [speechSpanOf(refused)],
  },
  {
    name: "synthesizeFile()",
    respond: answer(file),
    run: async (client, stage) => {
      const audio = await client.tts.synthesizeFile({ utterances: [{ text: "Hello there" }] });
      stage.log(new Uint8Array(await audio.arrayBuffer()));
    },
    answers: ["complete"],
    spans: [speechSpanOf(file)],
  },
  {
    name: "synthesizeFileStreaming()",
    respond: answer(fileStream, { chunkBytes: 700 }),
    run: async (client, stage) => {
      const { data, rawResponse } = await client.tts.synthesizeFileStreaming(asked).withRawResponse();
      await hear(data.stream(), stage);
      return rawResponse;
    },
    answers: ["complete"],
    spans: [speechSpanOf(fileStream)],
  },
  {
    name: "abort in the middle of synthesizeFileStreaming()",
    respond: answer(fileStream, { fault: { kind: "stall", afterBytes: 4800 } }),
    run: async (client, stage) => {
      const controller = new AbortController();
      const options = { abortSignal: controller.signal };
      const audio = await client.tts.synthesizeFileStreaming(asked, options);
      return await hearAndAbort(audio.stream(), stage, 4800, controller);
    },
    throws: "Error",
    answers: ["cancelled"],
    spans: [speechSpanOf(fileStream, { outcome: "cancelled", audio: 0.05 })],
  },
  {
    name: "cancel() of the audio of synthesizeFileStreaming()",
    respond: answer(fileStream, { fault: { kind: "stall", afterBytes: 4800 } }),
    run: async (client, stage) =>
      await hearAndCancel((await client.tts.synthesizeFileStreaming(asked)).stream(), stage, 4800),
    answers: ["cancelled"],
    spans: [speechSpanOf(fileStream, { outcome: "cancelled", audio: 0.05 })],
  },
  {
    name: "synthesizeJsonStreaming()",
    respond: answer(lines, { chunkBytes: 1000 }),
    run: async (client, stage) => listen(await client.tts.synthesizeJsonStreaming(asked), stage),
    answers: ["complete"],
    spans: [speechSpanOf(lines)],
  },
  {
    name: "synthesizeJsonStreaming() with an error in the middle",
    respond: answer(brokenLines),
    run: async (client, stage) => listen(await client.tts.synthesizeJsonStreaming(asked), stage),
    // the SDK knows no errors on streams and sockets: what is neither audio nor timestamp fails its validation
    throws: "ParseError",
    answers: ["complete"],
    spans: [speechSpanOf(brokenLines)],
  },
  {
    name: "break after the first piece of synthesizeJsonStreaming()",
    respond: answer(lines, { fault: { kind: "stall", afterBytes: firstLine } }),
    run: async (client, stage) => listen(await client.tts.synthesizeJsonStreaming(asked), stage, 1),
    answers: ["cancelled"],
    spans: [speechSpanOf(lines, { outcome: "cancelled", audio: 0.1 })],
  },
];

/** A socket that is open, and what comes on it. Only JSON: the SDK parses whatever comes. */
async function connect(client: HumeClient, stage: SpeechStage) {
  const socket = await client.tts.streamInput.connect({
    ...{ version: "2", formatType: "pcm", noBinary: true, reconnectAttempts: 0 } as const,
  });
  return await untilOpen(socket, stage);
}

const ids = { request_id: "hu-ws-1", generation_id: "g-1" };
const audio = (snippet_id: string, is_last_chunk = false) =>
  say({
    ...{ type: "audio", ...ids, snippet_id, chunk_index: 0, is_last_chunk },
    ...{ audio_format: "pcm", audio: silence(4800), text: "Hello" },
  });
const timestamp = say({
  ...{ type: "timestamp", ...ids, snippet_id: "s-2" },
  timestamp: { type: "word", text: "there", time: { begin: 0, end: 50 } },
});
const first = { ids: ["hu-ws-1"], provider: "hume", model: "octave-2", reused: false } as const;

const onSockets: Scenario[] = [
  {
    name: "two turns on a socket, the first of two texts",
    serve: playing(
      ...[NEXT, NEXT, NEXT, audio("s-1", true), audio("s-2", true), timestamp],
      ...[NEXT, audio("s-3", true), NEXT, { closed: 1000 }],
    ),
    run: async (client, stage) => {
      const { socket, inbox, closed } = await connect(client, stage);
      socket.sendPublish({ text: "Hello ", voice });
      socket.sendPublish({ text: "there" });
      socket.sendPublish({ flush: true });
      await inbox.has(3);
      socket.sendPublish({ text: "Bye", flush: true });
      await inbox.has(4);
      socket.sendPublish({ close: true });
      await closed;
    },
    closes: [1000],
    spans: [
      { ...first, outcome: "success", characters: 11, audio: 0.1, ttfb: true },
      { ...first, outcome: "success", characters: 3, audio: 0.05, ttfb: true, reused: true },
    ],
  },
  {
    name: "an error frame on a socket",
    serve: playing(
      NEXT,
      audio("s-1"),
      say({ type: "error", request_id: "hu-ws-1", code: "E0101", error: "Bad voice", message: "No voice" }),
    ),
    run: async (client, stage) => {
      const { socket, inbox } = await connect(client, stage);
      await hushed(stage, async () => {
        socket.sendPublish({ text: "Hello" });
        await inbox.has(2);
      });
      socket.close();
    },
    closes: [1000],
    spans: [{
      ...{ ...first, characters: 5, audio: 0.05, ttfb: true },
      ...{ outcome: "error", errorType: "error", errorCode: "E0101" },
    }],
  },
  {
    name: "a socket that the provider closes in the middle",
    serve: playing(NEXT, audio("s-1"), { closed: 1000 }),
    run: async (client, stage) => {
      const { socket, closed } = await connect(client, stage);
      socket.sendPublish({ text: "Hello" });
      await closed;
      stage.log(socket.readyState);
    },
    closes: [1000],
    // a calm close is none when nobody asked for it
    spans: [{
      ...{ ...first, characters: 5, audio: 0.05, ttfb: true },
      ...{ outcome: "error", errorType: "truncated", closeCode: 1000 },
    }],
  },
  {
    name: "a socket that the caller closes in the middle",
    serve: playing(NEXT, audio("s-1")),
    run: async (client, stage) => {
      const { socket, inbox } = await connect(client, stage);
      socket.sendPublish({ text: "Hello" });
      await inbox.has(1);
      socket.close();
    },
    closes: [1000],
    spans: [{
      ...{ ...first, characters: 5, audio: 0.05, ttfb: true },
      ...{ outcome: "cancelled", closeCode: 1000 },
    }],
  },
];

testSpeech("hume", humeClient, [...overHttp, ...onSockets]);
