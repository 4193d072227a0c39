import { ElevenLabsClient } from "@elevenlabs/elevenlabs-js";
import { fixture } from "../support/fixtures.ts";
import { answer } from "./compare.ts";
import { hear, hearAndAbort, hearAndCancel, listen } from "./listen.ts";
import { type SpeechScenario, testSpeech, type Ways } from "./speech_compare.ts";
import { speechSpanOf } from "./speech_summary.ts";

/** The SDK has no sockets for speech: those that users open themselves are the platform's. */
function elevenlabsClient({ fetch }: Ways): ElevenLabsClient {
  return new ElevenLabsClient({ apiKey: "canary", fetch, maxRetries: 0 });
}

const speech = fixture("elevenlabs", "speech");
const refused = fixture("elevenlabs", "speech_error");
const stream = fixture("elevenlabs", "stream");
const timestamps = fixture("elevenlabs", "timestamps");
const timestampsStream = fixture("elevenlabs", "stream_timestamps");
const dialogue = fixture("elevenlabs", "dialogue");

const hello = { text: "Hello there", modelId: "eleven_flash_v2_5" };
const greeting = {
  text: "Grüezi 🙂.",
  modelId: "eleven_flash_v2_5",
  voiceSettings: { stability: 0.5 },
};
const raw = { ...greeting, outputFormat: "pcm_24000" } as const;

/** The first line of a fixture of lines. */
const firstLine = timestampsStream.body.indexOf(10) + 1;

const scenarios: SpeechScenario<ElevenLabsClient>[] = [
  {
    name: "convert()",
    respond: answer(speech),
    run: async (client, stage) => {
      const audio = client.textToSpeech.convert("v1", { ...hello, modelId: "eleven_multilingual_v2" });
      const { data, rawResponse } = await audio.withRawResponse();
      await hear(data, stage);
      return rawResponse;
    },
    answers: ["complete"],
    spans: [speechSpanOf(speech)],
  },
  {
    name: "convert() is refused",
    respond: answer(refused),
    run: (client) => client.textToSpeech.convert("v1", greeting),
    throws: "ElevenLabsError",
    answers: ["complete"],
    spans: [speechSpanOf(refused)],
  },
  {
    name: "convert() is refused, and tried again",
    respond: [{ status: 429, headers: { "x-trace-id": "el-trace-8" } }, answer(speech)],
    run: async (client, stage) => {
      const options = { ...hello, modelId: "eleven_multilingual_v2" };
      await hear(await client.textToSpeech.convert("v1", options, { maxRetries: 1 }), stage);
    },
    answers: ["complete", "complete"],
    // the SDK reads nothing of what it tries again, and cancels nothing
    openAttempts: 1,
    spans: [
      speechSpanOf(speech),
      {
        ...{ ids: ["el-trace-8"], provider: "elevenlabs", model: "eleven_multilingual_v2", characters: 11 },
        ...{ status: 429, outcome: "error", errorType: "429" },
      },
    ],
  },
  {
    name: "stream()",
    respond: answer(stream, { chunkBytes: 700 }),
    run: async (client, stage) => {
      await hear(await client.textToSpeech.stream("v1", raw), stage);
    },
    answers: ["complete"],
    spans: [speechSpanOf(stream)],
  },
  {
    name: "abort in the middle of stream()",
    respond: answer(stream, { fault: { kind: "stall", afterBytes: 2400 } }),
    run: async (client, stage) => {
      const controller = new AbortController();
      const options = { abortSignal: controller.signal };
      const audio = await client.textToSpeech.stream("v1", raw, options);
      return await hearAndAbort(audio, stage, 2400, controller);
    },
    throws: "Error",
    answers: ["cancelled"],
    spans: [speechSpanOf(stream, { outcome: "cancelled", audio: 0.05 })],
  },
  {
    name: "cancel() of the audio of stream()",
    respond: answer(stream, { fault: { kind: "stall", afterBytes: 2400 } }),
    run: async (client, stage) =>
      await hearAndCancel(await client.textToSpeech.stream("v1", raw), stage, 2400),
    answers: ["cancelled"],
    spans: [speechSpanOf(stream, { outcome: "cancelled", audio: 0.05 })],
  },
  {
    name: "a connection that breaks in the middle of stream()",
    respond: answer(stream, { fault: { kind: "reset", afterBytes: 2400 } }),
    run: async (client, stage) => {
      await hear(await client.textToSpeech.stream("v1", raw), stage);
    },
    throws: "TypeError",
    answers: ["fault"],
    spans: [speechSpanOf(stream, { outcome: "error", errorType: "TypeError", audio: 0.05 })],
  },
  {
    name: "convertWithTimestamps()",
    respond: answer(timestamps),
    run: (client) => client.textToSpeech.convertWithTimestamps("v1", { ...hello, outputFormat: "ulaw_8000" }),
    answers: ["complete"],
    spans: [speechSpanOf(timestamps)],
  },
  {
    name: "streamWithTimestamps()",
    respond: answer(timestampsStream, { chunkBytes: 1000 }),
    run: async (client, stage) => {
      const options = { ...hello, outputFormat: "pcm_16000" } as const;
      await listen(await client.textToSpeech.streamWithTimestamps("v1", options), stage);
    },
    answers: ["complete"],
    spans: [speechSpanOf(timestampsStream)],
  },
  {
    name: "break after the first piece of streamWithTimestamps()",
    respond: answer(timestampsStream, { fault: { kind: "stall", afterBytes: firstLine } }),
    run: async (client, stage) => {
      const options = { ...hello, outputFormat: "pcm_16000" } as const;
      await listen(await client.textToSpeech.streamWithTimestamps("v1", options), stage, 1);
    },
    answers: ["cancelled"],
    spans: [speechSpanOf(timestampsStream, { outcome: "cancelled", audio: 0.1 })],
  },
  {
    name: "textToDialogue.convert()",
    respond: answer(dialogue),
    run: async (client, stage) => {
      const { inputs } = dialogue.request.body as { inputs: { text: string; voice_id: string }[] };
      await hear(
        await client.textToDialogue.convert({
          inputs: inputs.map(({ text, voice_id: voiceId }) => ({ text, voiceId })),
          modelId: "eleven_v3",
          outputFormat: "pcm_24000",
        }),
        stage,
      );
    },
    answers: ["complete"],
    spans: [speechSpanOf(dialogue)],
  },
];

testSpeech("elevenlabs", elevenlabsClient, scenarios);
