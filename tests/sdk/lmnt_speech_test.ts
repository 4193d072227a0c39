import type { SpeechSession } from "lmnt-node/resources/sessions";
import { fixture } from "../support/fixtures.ts";
import { answer } from "./compare.ts";
import { datedAnswer } from "./dated_answer.ts";
import { hear, hearAndAbort, hearAndCancel, hushed } from "./listen.ts";
import { type SpeechScenario, type SpeechStage, testSpeech, type Ways } from "./speech_compare.ts";
import { NEXT, playing, playingFixture, say, saySilence } from "./speech_server.ts";
import { speechSpanOf } from "./speech_summary.ts";

const native = globalThis.WebSocket;

/** Which class is made for the SDK, as it takes the global one at its import and never looks again. */
let current = native;

globalThis.WebSocket = new Proxy(native, {
  construct: (_target, all: ConstructorParameters<typeof native>) => new current(...all),
});
const { default: Lmnt } = await import("lmnt-node");
globalThis.WebSocket = native;

type Client = InstanceType<typeof Lmnt>;
type Scenario = SpeechScenario<Client>;

function lmntClient({ fetch, WebSocket }: Ways): Client {
  current = WebSocket;
  // its types are those of `node-fetch`, to which not even the global function can be assigned
  return new Lmnt({ apiKey: "canary", fetch: fetch as never, maxRetries: 0 });
}

const bytes = fixture("lmnt", "bytes");
const refused = fixture("lmnt", "bytes_error");
const json = fixture("lmnt", "json");

const asked = {
  ...{ text: "Hello there", voice: "leah", model: "blizzard" } as const,
  ...{ format: "pcm_s16le", sample_rate: 24000 } as const,
};

async function generate(client: Client, options: { readonly signal?: AbortSignal } = {}): Promise<Response> {
  return await client.speech.generate(asked, options) as unknown as Response;
}

const overHttp: Scenario[] = [
  {
    name: "speech.generate()",
    respond: answer(bytes, { chunkBytes: 700 }),
    run: async (client, stage) => {
      const response = await generate(client);
      await hear(response.body, stage);
      return response;
    },
    answers: ["complete"],
    spans: [speechSpanOf(bytes, { retryCount: 0 })],
  },
  {
    name: "speech.generate() is refused",
    respond: datedAnswer(refused),
    run: (client) => generate(client),
    throws: "RateLimitError",
    answers: ["complete"],
    spans: [speechSpanOf(refused, { retryCount: 0 })],
  },
  {
    name: "abort in the middle of speech.generate()",
    respond: answer(bytes, { fault: { kind: "stall", afterBytes: 2400 } }),
    run: async (client, stage) => {
      const controller = new AbortController();
      const { body } = await generate(client, { signal: controller.signal });
      return await hearAndAbort(body, stage, 2400, controller);
    },
    throws: "DOMException",
    answers: ["cancelled"],
    spans: [speechSpanOf(bytes, { outcome: "cancelled", retryCount: 0, audio: 0.05 })],
  },
  {
    name: "cancel() of the body of speech.generate()",
    respond: answer(bytes, { fault: { kind: "stall", afterBytes: 2400 } }),
    run: async (client, stage) => await hearAndCancel((await generate(client)).body, stage, 2400),
    answers: ["cancelled"],
    spans: [speechSpanOf(bytes, { outcome: "cancelled", retryCount: 0, audio: 0.05 })],
  },
  {
    name: "speech.generateDetailed()",
    respond: answer(json),
    run: (client) => client.speech.generateDetailed(asked),
    answers: ["complete"],
    spans: [speechSpanOf(json, { retryCount: 0 })],
  },
];

const settings = { voice: "leah", format: "pcm_s16le", sample_rate: 24000, language: "auto" } as const;
const first = { ids: ["lm-ws-1"], provider: "lmnt", reused: false } as const;

/** Logs the session's messages up to the next that ends something, or to its end. */
async function hearSession(messages: AsyncIterator<unknown>, { log }: SpeechStage): Promise<void> {
  for (;;) {
    const { done, value } = await messages.next() as IteratorResult<{ type: string; audio?: ArrayBuffer }>;
    if (done) return log("end");
    log(value.audio ? { audio: new Uint8Array(value.audio) } : value);
    if (/complete$|error/.test(value.type)) return;
  }
}

/** A session that is asked for speech once, and heard to its end. */
async function speakOnce(client: Client, stage: SpeechStage): Promise<void> {
  await hushed(stage, async () => {
    const session: SpeechSession = client.speech.sessions.create(settings);
    session.sendText("Hello");
    const messages = session[Symbol.asyncIterator]();
    await hearSession(messages, stage);
    // an error of the provider's is followed by its close
    await hearSession(messages, stage);
    stage.log(session.request_id);
  });
}

const ready = say({ type: "ready", request_id: "lm-ws-1" });

const onSockets: Scenario[] = [
  {
    name: "two segments in a session, the first of two texts",
    serve: playingFixture("lmnt", "ws"),
    run: async (client, stage) => {
      const session = client.speech.sessions.create(settings);
      const messages = session[Symbol.asyncIterator]();
      session.sendText("Hello ");
      session.sendFlush();
      session.sendText("there");
      await hearSession(messages, stage);
      session.sendFlush();
      await hearSession(messages, stage);
      session.sendText("Bye");
      session.sendFlush();
      await hearSession(messages, stage);
      session.sendFinish();
      await hearSession(messages, stage);
    },
    closes: [1000],
    spans: [
      { ...first, outcome: "success", characters: 11, audio: 0.2, ttfb: true },
      { ...first, outcome: "success", characters: 3, audio: 0.05, ttfb: true, reused: true },
    ],
  },
  {
    name: "a segment that is reset, and another",
    serve: playingFixture("lmnt", "ws_reset"),
    run: async (client, stage) => {
      const session = client.speech.sessions.create(settings);
      const messages = session[Symbol.asyncIterator]();
      session.sendText("A long story");
      session.sendFlush();
      for (let message = 0; message < 2; message++) stage.log((await messages.next()).value.type);
      session.sendReset();
      session.sendText("Yes?");
      session.sendFlush();
      for (let ended = 0; ended < 3; ended++) await hearSession(messages, stage);
      await hushed(stage, async () => {
        session.close();
        await hearSession(messages, stage);
      });
    },
    closes: [1005],
    spans: [
      { ...first, outcome: "cancelled", characters: 12, audio: 1, ttfb: true },
      { ...first, outcome: "success", characters: 4, audio: 0.05, ttfb: true, reused: true },
    ],
  },
  {
    name: "an error in a session",
    serve: playingFixture("lmnt", "ws_error"),
    run: speakOnce,
    closes: [1008],
    spans: [{ ...first, characters: 5, outcome: "error", errorType: "payment_required_error" }],
  },
  {
    name: "a session that the provider closes in the middle",
    serve: playing(NEXT, ready, NEXT, saySilence(4800), { closed: 1011 }),
    run: speakOnce,
    closes: [1011],
    spans: [{
      ...{ ...first, characters: 5, audio: 0.1, ttfb: true },
      ...{ outcome: "error", errorType: "close_1011", closeCode: 1011 },
    }],
  },
  {
    name: "a session that the caller closes in the middle",
    serve: playing(NEXT, ready, NEXT, saySilence(4800)),
    run: async (client, stage) => {
      const session = client.speech.sessions.create(settings);
      session.sendText("Hello");
      const messages = session[Symbol.asyncIterator]();
      for (let message = 0; message < 2; message++) stage.log((await messages.next()).value.type);
      await hushed(stage, async () => {
        session.close();
        await hearSession(messages, stage);
      });
    },
    closes: [1005],
    spans: [{
      ...{ ...first, characters: 5, audio: 0.1, ttfb: true },
      ...{ outcome: "cancelled", closeCode: 1005 },
    }],
  },
];

testSpeech("lmnt", lmntClient, [...overHttp, ...onSockets]);
