/**
 * LMNT's TTS socket: settings in the first frame, one segment of text at a time, audio in binary frames. Frames of
 * the protocol before 1.1 have no `type`.
 *
 * @see {@link https://docs.lmnt.com/api-reference/speech/streaming}
 * @module
 */

import { audioShape, SpeechContexts } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asCount, asObject, asText, asWord } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function lmntTts(): SocketFormat {
  return { name: "lmnt_tts", open: (_request, sinks) => openSession(sinks) };
}

/** How audio is coded, as `format` and `sample_rate` say it. */
export function lmntAudio(format: unknown, sampleRate: unknown): AudioShape {
  if (format === "ulaw") return { encoding: "wav" }; // has a WAV header, which says the rest
  const shape = audioShape(asText(format), asCount(sampleRate));
  return shape.encoding ? shape : {};
}

function openSession(sinks: SocketSinks): SocketReader {
  const contexts = new SpeechContexts(sinks);
  let shape: AudioShape = {};
  let model: string | undefined;
  let flushes = 0;
  let unflushed = false;
  let resets = 0;
  let closing = false;
  return readJsonFrames({
    sent(frame) {
      const { type } = frame;
      if (asText(frame.voice) !== undefined) {
        shape = lmntAudio(frame.format, frame.sample_rate);
        model = asText(frame.model);
      }
      const text = asText(frame.text);
      if (text !== undefined && text.trim() !== "") {
        const speech = contexts.begin("", shape);
        speech.sink.note({ operationName: "text_to_speech", requestModel: model, streamed: true });
        speech.text(text);
        unflushed = true;
      }
      if (type === "flush" || type === undefined && frame.flush === true) {
        flushes++;
        unflushed = false;
      } else if (type === "reset") {
        contexts.find("")?.sink.cancel();
        resets++;
        flushes = 0;
        unflushed = false;
      }
      closing ||= type === "finish" || type === undefined && frame.eof === true;
    },
    received(frame) {
      if (frame.type === "ready") {
        const id = asText(frame.request_id);
        if (id !== undefined) contexts.noteConnectionId(id);
      } else if (frame.type === "error" || asText(frame.error) !== undefined) {
        const speech = contexts.find("");
        speech?.sink.noteRequestId(asText(frame.request_id) ?? "", "request");
        speech?.fail({ type: asWord(asObject(frame.error)?.type) ?? "error" });
      } else if (frame.type === "reset_complete") {
        resets = Math.max(0, resets - 1);
      } else if (frame.type === "flush_complete" && resets === 0) {
        flushes = Math.max(0, flushes - 1);
        if (flushes === 0 && !unflushed) contexts.find("")?.sink.complete();
      }
    },
    // what comes before a reset is complete was made before it
    binary: (bytes) => resets === 0 ? contexts.find("")?.audio(bytes) : undefined,
    blob: (size) => resets === 0 ? contexts.find("")?.blob(size) : undefined,
    closed(code) {
      if (closing && code === 1000) contexts.find("")?.sink.complete();
    },
  });
}
