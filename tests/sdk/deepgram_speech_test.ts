import { DeepgramClient } from "@deepgram/sdk";
import { fixture } from "../support/fixtures.ts";
import { answer } from "./compare.ts";
import { hear, hearAndAbort, hearAndCancel } from "./listen.ts";
import { type SpeechScenario, testSpeech, type Ways } from "./speech_compare.ts";
import { speechSpanOf } from "./speech_summary.ts";

function deepgramClient({ fetch }: Ways): DeepgramClient {
  return new DeepgramClient({ apiKey: "canary", fetch, maxRetries: 0 });
}

const speak = fixture("deepgram", "speak");
const wav = fixture("deepgram", "speak_wav");
const refused = fixture("deepgram", "speak_error");

const greeting = {
  ...{ text: "Grüezi 🙂.", model: "aura-2-thalia-en", tag: "canary" },
  ...{ encoding: "linear16", sample_rate: 8000, container: "none" },
} as const;

const scenarios: SpeechScenario<DeepgramClient>[] = [
  {
    name: "speak.v1.audio.generate()",
    respond: answer(speak, { chunkBytes: 700 }),
    run: async (client, stage) => {
      const { data, rawResponse } = await client.speak.v1.audio.generate(greeting).withRawResponse();
      await hear(data.stream(), stage);
      return [data.bodyUsed, rawResponse];
    },
    answers: ["complete"],
    spans: [speechSpanOf(speak)],
  },
  {
    name: "speak.v1.audio.generate() as a file",
    respond: answer(wav),
    run: async (client) => {
      const audio = await client.speak.v1.audio.generate({
        ...{ text: (wav.request.body as { text: string }).text },
        ...Object.fromEntries(new URL(wav.request.url).searchParams),
      });
      return new Uint8Array(await audio.arrayBuffer());
    },
    answers: ["complete"],
    spans: [speechSpanOf(wav)],
  },
  {
    name: "speak.v1.audio.generate() is refused",
    respond: answer(refused),
    run: (client) => client.speak.v1.audio.generate({ text: "Hello there", model: "aura-9" as never }),
    throws: "BadRequestError",
    answers: ["complete"],
    spans: [speechSpanOf(refused)],
  },
  {
    name: "abort in the middle of speak.v1.audio.generate()",
    respond: answer(speak, { fault: { kind: "stall", afterBytes: 800 } }),
    run: async (client, stage) => {
      const controller = new AbortController();
      const options = { abortSignal: controller.signal };
      const audio = await client.speak.v1.audio.generate(greeting, options);
      return await hearAndAbort(audio.stream(), stage, 800, controller);
    },
    throws: "Error",
    answers: ["cancelled"],
    spans: [speechSpanOf(speak, { outcome: "cancelled", audio: 0.05 })],
  },
  {
    name: "cancel() of the audio of speak.v1.audio.generate()",
    respond: answer(speak, { fault: { kind: "stall", afterBytes: 800 } }),
    run: async (client, stage) =>
      await hearAndCancel((await client.speak.v1.audio.generate(greeting)).stream(), stage, 800),
    answers: ["cancelled"],
    spans: [speechSpanOf(speak, { outcome: "cancelled", audio: 0.05 })],
  },
];

testSpeech("deepgram", deepgramClient, scenarios);
