/**
 * Async's TTS socket: a set-up for the connection, then many contexts on it.
 *
 * @see {@link https://docs.async.ai/text-to-speech-websocket-3477526w0}
 * @module
 */

import { audioShape, SpeechContexts } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asCount, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function asyncaiTts(): SocketFormat {
  return { name: "asyncai_tts", open: (_request, sinks) => openContexts(sinks) };
}

function openContexts(sinks: SocketSinks): SocketReader {
  const contexts = new SpeechContexts(sinks);
  let setUp: JsonObject = {};
  return readJsonFrames({
    sent(frame) {
      if (frame.model_id !== undefined) setUp = frame;
      const text = asText(frame.transcript);
      // an empty transcript closes a context, whose end is still to come
      if (text === undefined || text.trim() === "") return;
      const id = asText(frame.context_id) ?? "";
      const speech = contexts.begin(id, asyncaiShape(setUp));
      speech.sink.noteRequestId(id, "echoed");
      speech.sink.note({
        operationName: "text_to_speech",
        requestModel: asText(setUp.model_id),
        streamed: true,
      });
      speech.text(text);
    },
    received(frame) {
      // texts without a context go to one by default, whatever it is called
      const speech = contexts.find(asText(frame.context_id) ?? "") ?? contexts.find("");
      if (frame.error_code) {
        const type = asWord(frame.error_code) ?? "error";
        for (const failed of speech ? [speech] : contexts.all()) failed.fail({ type });
        return;
      }
      speech?.base64(asText(frame.audio));
      if (frame.final === true) speech?.sink.complete();
    },
  });
}

/** The shape of the audio that is asked for; where nothing is said, the documented default. */
export function asyncaiShape(json: JsonObject): AudioShape {
  const format = asObject(json.output_format);
  const container = asText(format?.container) ?? "raw";
  const coding = container === "raw" ? asText(format?.encoding) ?? "pcm_s16le" : container;
  return audioShape(coding, asCount(format?.sample_rate) ?? 44_100);
}
