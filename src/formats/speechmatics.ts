/**
 * Speechmatics' realtime STT: a `message` says what a frame is, audio goes as bytes.
 *
 * @see {@link https://docs.speechmatics.com/api-ref/realtime-transcription-websocket}
 * @module
 */

import { meanConfidence, noteConnectionId, SentAudio, Utterances, wordSpan } from "../hearing.ts";
import { audioShape } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import { asCount, asList, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function speechmatics(): SocketFormat {
  return { name: "speechmatics", open };
}

function open(_request: SocketRequest, sinks: SocketSinks): SocketReader {
  const whole = sinks.whole();
  const utterances = new Utterances(sinks);
  whole.note({ operationName: "speech_to_text", streamed: true });
  let audio = new SentAudio(sinks, {});
  /** The channel whose audio is counted: all last as long. */
  let counted: unknown;

  function start(frame: JsonObject): void {
    const config = asObject(frame.transcription_config);
    const format = asObject(frame.audio_format);
    whole.note({
      requestModel: asText(config?.model) ?? asText(config?.operating_point),
      language: asText(config?.language),
    });
    if (format?.type !== "raw") return;
    audio = new SentAudio(sinks, audioShape(asText(format.encoding), asCount(format.sample_rate)));
  }

  function hear(frame: JsonObject, final: boolean): void {
    const metadata = asObject(frame.metadata);
    const spoken = asList(frame.results).filter((result) => asObject(result)?.type !== "punctuation");
    // silence is transcribed, too, and a full stop may come by itself
    if (!asText(metadata?.transcript)?.trim() || spoken.length === 0) return;
    const words = spoken.map((result) => asObject(asList(asObject(result)?.alternatives)[0]));
    const { begin, end } = wordSpan(spoken, "start_time", "end_time");
    utterances.transcript({
      text: asText(metadata?.transcript),
      final,
      confidence: final ? meanConfidence(words) : undefined,
      language: asText(words[0]?.language),
      startSeconds: begin ?? asCount(metadata?.start_time),
      endSeconds: end ?? asCount(metadata?.end_time),
    });
  }

  return readJsonFrames({
    sent(frame) {
      if (frame.message === "StartRecognition") start(frame);
      if (frame.message !== "AddChannelAudio") return;
      counted ??= frame.channel;
      if (frame.channel === counted) audio.base64(asText(frame.data));
    },
    get audio() {
      return audio;
    },
    received(frame) {
      switch (frame.message) {
        case "RecognitionStarted":
          return noteConnectionId(sinks, frame.id, "session");
        case "AddPartialTranscript":
          return hear(frame, false);
        case "AddTranscript":
          return hear(frame, true);
        case "EndOfUtterance":
          return utterances.end();
        case "EndOfTranscript":
          utterances.finish();
          return whole.complete();
        case "Error":
          return sinks.fail({ type: asWord(frame.type) ?? "error", code: asWord(frame.code) });
      }
    },
  });
}
