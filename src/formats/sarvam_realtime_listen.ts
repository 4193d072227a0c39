/**
 * Sarvam's newer STT socket: numbered utterances, each with partial transcripts and a final one.
 *
 * @see {@link https://docs.sarvam.ai/api-reference-docs/speech-to-text/realtime}
 * @module
 */

import { noteConnectionId, SentAudio } from "../hearing.ts";
import { audioShape } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asCount, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function sarvamRealtimeListen(): SocketFormat {
  return { name: "sarvam_realtime_listen", open };
}

function open({ url: { searchParams } }: SocketRequest, sinks: SocketSinks): SocketReader {
  const whole = sinks.whole();
  let audio = new SentAudio(
    sinks,
    shapeOf(searchParams.get("encoding"), Number(searchParams.get("sample_rate"))),
  );
  whole.note({
    operationName: "speech_to_text",
    requestModel: asText(searchParams.get("model")),
    language: asText(searchParams.get("language_code")),
    streamed: true,
  });

  function hear(frame: JsonObject, final: boolean): void {
    const turn = sinks.turn(String(frame.utterance_idx));
    if (asText(frame.text)) {
      whole.output("text");
      turn.transcript({
        text: asText(frame.text),
        final,
        language: asText(frame.language),
        startSeconds: asCount(frame.start_s),
        endSeconds: asCount(frame.end_s),
      });
    } else if (final) {
      return turn.clear(); // noise
    }
    if (!final) return;
    turn.commit();
    turn.settle();
  }

  return readJsonFrames({
    sent(frame) {
      if (frame.event === "audio_input") audio.base64(asText(frame.audio));
    },
    received(frame) {
      // only the first and the last frame have it
      noteConnectionId(sinks, frame.request_id, "request");
      switch (frame.event) {
        case "session.begin": {
          const config = asObject(frame.config);
          whole.note({ responseModel: asText(config?.model), language: asText(config?.language_code) });
          if (config?.encoding) audio = new SentAudio(sinks, shapeOf(config.encoding, config.sample_rate));
          return;
        }
        case "vad.speech_start":
          return sinks.turn(String(frame.utterance_idx)).speechStarted();
        case "vad.speech_end":
          return sinks.turn(String(frame.utterance_idx)).speechStopped();
        case "transcript.partial":
          return hear(frame, false);
        case "transcript.final":
          return hear(frame, true);
        case "session.end": // what it bills by
          whole.note({ billedSeconds: asCount(frame.audio_duration_s) });
          return whole.complete();
        case "error":
          if (frame.is_fatal !== false) sinks.fail({ type: asWord(frame.code) ?? "error" });
      }
    },
  });
}

/** `linear16` at 16 kHz unless said otherwise. */
function shapeOf(encoding: unknown, rate: unknown): AudioShape {
  const word = asText(encoding) ?? "linear16";
  const sampleRate = asCount(rate) || 16_000;
  return word === "linear32" ? { encoding: "pcm_s32", sampleRate } : audioShape(word, sampleRate);
}
