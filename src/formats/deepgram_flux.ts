/**
 * Deepgram's STT socket, v2 (Flux): turns, with a judgement of their end that may come early and be taken back.
 *
 * @see {@link https://developers.deepgram.com/docs/flux/state}
 * @module
 */

import { meanConfidence, noteConnectionId, SentAudio, Utterances, wordSpan } from "../hearing.ts";
import { audioShape } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import { asCount, asList, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function deepgramFlux(): SocketFormat {
  return { name: "deepgram_flux", open };
}

function open({ url: { searchParams } }: SocketRequest, sinks: SocketSinks): SocketReader {
  const whole = sinks.whole();
  const encoding = asText(searchParams.get("encoding"));
  const rate = Number(searchParams.get("sample_rate")) || undefined;
  // without an encoding the audio is in a container
  const audio = new SentAudio(sinks, encoding === undefined ? {} : audioShape(encoding, rate));
  const utterances = new Utterances(sinks);
  whole.note({
    operationName: "speech_to_text",
    requestModel: asText(searchParams.get("model")),
    streamed: true,
  });

  function hear(frame: JsonObject): void {
    const { event } = frame;
    const over = event === "EndOfTurn";
    const { begin, end } = wordSpan(frame.words);
    const judgedAt = asCount(frame.audio_window_end);
    // words need not have times: then the moment is that of the judgement
    if (event === "StartOfTurn") sinks.turn().speechStarted({ audioSeconds: begin ?? judgedAt });
    if (event === "TurnResumed") sinks.turn().speechStarted({ audioSeconds: judgedAt });
    // what is said while nobody speaks is empty
    if (asText(frame.transcript)) {
      utterances.transcript({
        text: asText(frame.transcript),
        extent: "turn",
        final: over,
        confidence: over ? meanConfidence(frame.words) : undefined,
        language: asText(asList(frame.languages)[0]),
        startSeconds: begin,
        endSeconds: end,
      });
    }
    if (!utterances.isOpen() || !over && event !== "EagerEndOfTurn") return;
    const eager = over ? undefined : true;
    sinks.turn().endOfTurn({ probability: asCount(frame.end_of_turn_confidence), eager });
    if (over) utterances.end();
  }

  return readJsonFrames({
    audio,
    received(frame) {
      noteConnectionId(sinks, frame.request_id, "request");
      if (frame.type === "TurnInfo") hear(frame);
      else if (frame.type === "Error") sinks.fail({ type: asWord(frame.code) ?? "error" });
    },
  });
}
