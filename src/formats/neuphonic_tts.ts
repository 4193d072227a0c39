/**
 * Neuphonic's TTS socket. `<STOP>` within a text asks for all that is left, and is answered by a `stop`.
 *
 * @see {@link https://docs.neuphonic.com/api-reference/tts/sse-generator}
 * @module
 */

import { audioShape, type Speech, SpeechContexts } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asList, asObject, asText, asWord } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

const STOP = "<STOP>";

/** The socket format. */
export function neuphonicTts(): SocketFormat {
  return {
    name: "neuphonic_tts",
    open({ url: { searchParams } }, sinks) {
      const rate = Number(searchParams.get("sampling_rate"));
      return openContexts(sinks, neuphonicShape(asText(searchParams.get("encoding")), rate));
    },
  };
}

function openContexts(sinks: SocketSinks, shape: AudioShape): SocketReader {
  const contexts = new SpeechContexts(sinks);
  /** How many stops are still to come. */
  const awaited = new WeakMap<Speech, number>();
  return readJsonFrames({
    sent(frame) {
      const pieces = asText(frame.text)?.split(STOP);
      if (pieces === undefined) return;
      const id = asText(frame.context_id) ?? "";
      const text = pieces.join("");
      // an empty text keeps the socket alive
      const blank = text.trim() === "";
      const speech = blank ? contexts.find(id) : contexts.begin(id, shape);
      if (speech === undefined) return;
      awaited.set(speech, (awaited.get(speech) ?? 0) + pieces.length - 1);
      if (blank) return;
      speech.sink.noteRequestId(id, "echoed");
      speech.sink.note({ operationName: "text_to_speech", streamed: true });
      speech.text(text);
    },
    received(frame) {
      const data = asObject(frame.data);
      // a caller who names no context has one
      const speech = contexts.find(asText(data?.context_id) ?? "") ?? contexts.find("");
      if (frame.type === "error" || asList(frame.errors).length > 0) {
        const type = asWord(frame.status_code) ?? asWord(frame.code) ?? "error";
        for (const failed of speech ? [speech] : contexts.all()) failed.fail({ type });
        return;
      }
      if (speech === undefined) return;
      speech.base64(asText(data?.audio));
      if (data?.stop !== true) return;
      const left = (awaited.get(speech) ?? 0) - 1;
      awaited.set(speech, left);
      if (left <= 0) speech.sink.complete();
    },
  });
}

/** The shape of the audio that is asked for; where nothing is said, the documented default. */
export function neuphonicShape(encoding: string | undefined, sampleRate: number | undefined): AudioShape {
  return audioShape(encoding ?? "pcm_linear", sampleRate || 22_050);
}
