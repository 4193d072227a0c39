/**
 * ElevenLabs' realtime STT (Scribe): a `message_type` says what a frame is, segments are committed by the provider's
 * voice activity detection or by the caller.
 *
 * @see {@link https://elevenlabs.io/docs/api-reference/speech-to-text/v-1-speech-to-text-realtime}
 * @module
 */

import { noteConnectionId, SentAudio, Utterances, wordSpan } from "../hearing.ts";
import { audioShape } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import { asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** Messages with an `error` after which the session goes on. */
const HARMLESS: readonly unknown[] = ["commit_throttled"];

/** The socket format. */
export function elevenlabsScribe(): SocketFormat {
  return { name: "elevenlabs_scribe", open };
}

function open({ url: { searchParams } }: SocketRequest, sinks: SocketSinks): SocketReader {
  const whole = sinks.whole();
  const utterances = new Utterances(sinks);
  const audio = new SentAudio(sinks, audioShape(searchParams.get("audio_format") ?? "pcm_16000"));
  whole.note({
    operationName: "speech_to_text",
    requestModel: asText(searchParams.get("model_id")),
    language: asText(searchParams.get("language_code")),
    streamed: true,
  });
  /** A segment then is committed twice, the second time with the times of its words. */
  const timed = searchParams.get("include_timestamps") === "true";

  function hear(frame: JsonObject, final: boolean): void {
    // what is committed may be empty: there was nothing in it, or nothing more
    if (!asText(frame.text)?.trim()) return;
    const { begin, end } = wordSpan(frame.words);
    utterances.transcript({
      text: asText(frame.text),
      final,
      language: asText(frame.language_code),
      startSeconds: begin,
      endSeconds: end,
    });
  }

  return readJsonFrames({
    sent(frame) {
      audio.base64(asText(frame.audio_base_64));
    },
    received(frame) {
      switch (frame.message_type) {
        case "session_started":
          return noteConnectionId(sinks, frame.session_id, "session");
        case "partial_transcript":
          utterances.settle();
          return hear(frame, false);
        case "committed_transcript":
          utterances.settle();
          hear(frame, !timed);
          return utterances.end(undefined, timed);
        case "committed_transcript_with_timestamps":
          hear(frame, true);
          utterances.end();
          return utterances.settle();
      }
      // all that is left with an error is one, by its name
      if (typeof frame.error !== "string" || HARMLESS.includes(frame.message_type)) return;
      sinks.fail({ type: asWord(frame.message_type) ?? "error" });
    },
  });
}
