/**
 * AssemblyAI's streaming STT, v3: a session id, turns that count up, each with an end that may come twice.
 *
 * @see {@link https://www.assemblyai.com/docs/api-reference/streaming-api/streaming-api}
 * @module
 */

import { meanConfidence, noteConnectionId, secondsOf, SentAudio, Utterances, wordSpan } from "../hearing.ts";
import { audioShape } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import { asCount, asList, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function assemblyaiStream(): SocketFormat {
  return { name: "assemblyai_stream", open };
}

function open({ url: { searchParams } }: SocketRequest, sinks: SocketSinks): SocketReader {
  const whole = sinks.whole();
  const utterances = new Utterances(sinks);
  const encoding = searchParams.get("encoding") ?? "pcm_s16le";
  const audio = new SentAudio(
    sinks,
    audioShape(encoding, Number(searchParams.get("sample_rate")) || undefined),
  );
  whole.note({
    operationName: "speech_to_text",
    requestModel: asText(searchParams.get("speech_model")),
    language: asText(searchParams.get("language_code")),
    streamed: true,
  });
  /** Whether a turn's text comes once more, formatted, after its end. */
  let formats = searchParams.get("format_turns") === "true";
  /** The turn whose end came. */
  let ended: number | undefined;

  function hear(frame: JsonObject): void {
    const order = asCount(frame.turn_order);
    const again = order !== undefined && order === ended;
    if (again && !utterances.awaited) return;
    if (!again) utterances.settle();
    const over = frame.end_of_turn === true;
    const final = over && !(formats && frame.turn_is_formatted === false);
    // words that may change are no part of the transcript
    if (asText(frame.transcript) !== undefined || asList(frame.words).length > 0) {
      const { begin, end } = wordSpan(frame.words);
      utterances.transcript({
        text: asText(frame.transcript),
        extent: "turn",
        final,
        confidence: final ? meanConfidence(frame.words) : undefined,
        language: asText(frame.language_code),
        startSeconds: secondsOf(begin),
        endSeconds: secondsOf(end),
      });
    }
    if (again) return final ? utterances.settle() : undefined;
    if (!over || !utterances.isOpen()) return;
    ended = order;
    sinks.turn().endOfTurn({ probability: asCount(frame.end_of_turn_confidence) });
    utterances.end(undefined, !final);
  }

  return readJsonFrames({
    sent(frame) {
      if (frame.type === "UpdateConfiguration" && typeof frame.format_turns === "boolean") {
        formats = frame.format_turns;
      }
    },
    audio,
    received(frame) {
      switch (frame.type) {
        case "Begin":
          return noteConnectionId(sinks, frame.id, "session");
        case "SpeechStarted":
          utterances.settle(); // what comes late would be taken for the new turn's
          return sinks.turn().speechStarted({ audioSeconds: secondsOf(frame.timestamp) });
        case "Turn":
          return hear(frame);
        case "Termination": // the answer to Terminate, and the last word
          whole.note({
            sentAudioSeconds: asCount(frame.audio_duration_seconds),
            billedSeconds: asCount(frame.session_duration_seconds),
          });
          utterances.finish();
          return whole.complete();
        case "Error":
          return sinks.fail({ type: asWord(frame.error_code) ?? "error" });
      }
    },
  });
}
