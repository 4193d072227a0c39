/**
 * Hume's TTS socket: one stream of utterances; audio in JSON, in binary frames, or the same in both.
 *
 * @see {@link https://dev.hume.ai/reference/text-to-speech-tts/stream-input}
 * @module
 */

import { audioShape, SpeechContexts } from "../speech.ts";
import type { Facts, SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asText, asWord } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** Raw audio has this rate, always. */
const SAMPLE_RATE = 48_000;

/** The socket format. */
export function humeTts(): SocketFormat {
  return { name: "hume_tts", open: ({ url }, sinks) => openStream(url, sinks) };
}

/** The model has no name but its version. */
export function humeModel(version: string | undefined): string | undefined {
  return version ? `octave-${version}` : undefined;
}

/** How audio is coded, as a format's `type` says it. */
export function humeAudio(type: string | null | undefined): AudioShape {
  return type ? audioShape(type, SAMPLE_RATE) : {};
}

function openStream({ searchParams }: URL, sinks: SocketSinks): SocketReader {
  const contexts = new SpeechContexts(sinks);
  const shape = humeAudio(searchParams.get("format_type"));
  const facts: Facts = {
    operationName: "text_to_speech",
    requestModel: humeModel(asWord(searchParams.get("version"))),
    streamed: true,
  };
  /** Where the audio is that counts: the other frames repeat it. */
  let source: "json" | "binary" | undefined;
  let flushed = false;
  let rested = false;
  let closing = false;
  return readJsonFrames({
    sent(frame) {
      const text = asText(frame.text);
      if (text !== undefined && text.trim() !== "") {
        // a last chunk ends a snippet, and there may be more of them: only what follows says that all was spoken
        if (rested) contexts.find("")?.sink.complete();
        flushed = rested = false;
        const speech = contexts.begin("", shape);
        speech.sink.note(facts);
        speech.text(text);
      }
      flushed ||= frame.flush === true;
      closing ||= frame.close === true;
    },
    received(frame) {
      const speech = contexts.find("");
      speech?.sink.noteRequestId(asText(frame.request_id) ?? "", "request");
      if (frame.type === "error" || asText(frame.error) !== undefined) {
        return speech?.fail({ type: "error", code: asWord(frame.code) });
      }
      const audio = asText(frame.audio);
      if (audio === undefined) return;
      source ??= "json";
      if (source === "json") speech?.base64(audio);
      rested = flushed && frame.is_last_chunk === true;
    },
    binary(bytes) {
      source ??= "binary";
      if (source === "binary") contexts.find("")?.audio(bytes);
    },
    blob: () => contexts.find("")?.sink.output("audio"),
    closed(code) {
      if (closing && code === 1000) contexts.find("")?.sink.complete();
    },
  });
}
