import type { DeepgramClient } from "@deepgram/sdk";
import { spanName } from "../../src/semconv.ts";
import * as attr from "../../src/semconv_attributes.ts";
import type { KeptSpan } from "../support/memory_exporter.ts";
import { deepgramClient, listenOver, openListen } from "./deepgram_listening.ts";
import { type HearingSummary, summarizeHearing } from "./hearing_summary.ts";
import { type SpeechScenario, testSockets } from "./speech_compare.ts";
import { playing, say } from "./speech_server.ts";

/** A judgement of the end of a turn, in short. */
interface Judged {
  readonly probability: unknown;
  readonly eager?: true;
}

type Scenario = SpeechScenario<DeepgramClient, HearingSummary | Judged>;

/** Attempts, turns, and the judgements of their ends, in order of their ends. */
function summarizeAll(spans: readonly KeptSpan[]): (HearingSummary | Judged)[] {
  return spans.flatMap((span): (HearingSummary | Judged)[] => {
    if (span.name !== spanName.eouDetection) return summarizeHearing([span]);
    const { [attr.eouProbability]: probability, [attr.eouEager]: eager } = span.attributes;
    return [{ probability, ...eager === true && { eager } }];
  });
}

const FLUX = "9f8e7d6c-0000-4000-8000-cccccccccccc";

const fluxed = { provider: "deepgram", model: "flux-general-en", ids: [FLUX] };
const heard = { ...fluxed, outcome: "success", first: true } as const;

const scenarios: Scenario[] = [
  {
    name: "listen.v2 with an early end that is taken back",
    ...listenOver("v2", "ws_flux", { eot_threshold: 0.7 }),
    closes: [1000],
    spans: [
      { probability: 0.5, eager: true },
      { probability: 0.6, eager: true },
      { probability: 0.86 },
      // words have no times, and nothing else says when speech stopped
      { ...fluxed, turn: "committed", confidence: 0.85, delays: ["first"] },
      { probability: 0.4 },
      { ...fluxed, turn: "committed", confidence: 0.75, delays: ["first"] },
      { ...heard, sent: 0.7, closeCode: 1000 },
    ],
  },
  {
    name: "listen.v2 in several languages, with a turn that the caller ends",
    ...listenOver("v2", "ws_flux_multilingual", {
      ...{ model: "flux-general-multi", encoding: "linear16", language_hint: "de" },
      eager_eot_threshold: undefined,
    }),
    closes: [1000],
    spans: [
      { probability: 0.3 },
      {
        ...{ ...fluxed, model: "flux-general-multi", turn: "committed", language: "de", confidence: 0.5 },
        ...{ clock: "words", delays: ["first", "transcription", "end"] },
      },
      { ...heard, model: "flux-general-multi", sent: 0.2, closeCode: 1000 },
    ],
  },
  {
    name: "an error in the middle of a turn on listen.v2",
    ...listenOver("v2", "ws_flux_error"),
    closes: [1011],
    spans: [
      { ...heard, outcome: "error", errorType: "INTERNAL_SERVER_ERROR", sent: 0.1 },
      { ...fluxed, turn: "abandoned", delays: ["first"] },
    ],
  },
  {
    name: "listen.v2 takes no KeepAlive, and closes without a word",
    serve: async (connection) => {
      await playing(say({ type: "Connected", request_id: FLUX, sequence_id: 0 }), { sent: "" })(connection);
      connection.close();
    },
    run: async (client, stage) => {
      const { socket, inbox, closed } = await openListen(client, stage, "v2");
      await inbox.has(1);
      socket.socket.send(JSON.stringify({ type: "KeepAlive" }));
      await closed;
    },
    closes: [1005],
    // nothing was said, so nothing is missing
    spans: [{ ...fluxed, outcome: "success", closeCode: 1005 }],
  },
];

testSockets("deepgram", deepgramClient, summarizeAll, scenarios);
