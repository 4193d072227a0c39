/**
 * Murf's TTS socket: many contexts on one connection.
 *
 * @see {@link https://murf.ai/api/docs/api-reference/text-to-speech/stream-input}
 * @module
 */

import { audioShape, SpeechContexts } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asText, asWord } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function murfTts(): SocketFormat {
  return {
    name: "murf_tts",
    open({ url: { searchParams } }, sinks) {
      const query = (name: string): string | undefined => asText(searchParams.get(name));
      const shape = murfShape(query("format"), Number(query("sample_rate")), query("channel_type"));
      return openContexts(sinks, query("model"), shape);
    },
  };
}

function openContexts(
  sinks: SocketSinks,
  requestModel: string | undefined,
  shape: AudioShape,
): SocketReader {
  const contexts = new SpeechContexts(sinks);
  return readJsonFrames({
    sent(frame) {
      const id = asText(frame.context_id) ?? "";
      if (frame.clear === true) return contexts.find(id)?.sink.cancel();
      const text = asText(frame.text);
      if (text === undefined || text.trim() === "") return;
      const speech = contexts.begin(id, shape);
      speech.sink.noteRequestId(id, "echoed");
      speech.sink.note({ operationName: "text_to_speech", requestModel, streamed: true });
      speech.text(text);
    },
    received(frame) {
      // a caller who names no context has one
      const speech = contexts.find(asText(frame.context_id) ?? "") ?? contexts.find("");
      if (frame.error) {
        const type = asWord(frame.error) ?? "error";
        for (const failed of speech ? [speech] : contexts.all()) failed.fail({ type });
        return;
      }
      speech?.base64(asText(frame.audio));
      if (frame.final === true) speech?.sink.complete();
    },
  });
}

/** The shape of the audio that is asked for; WAV where nothing is said. */
export function murfShape(
  format: string | undefined,
  sampleRate: number | undefined,
  channelType: string | undefined,
): AudioShape {
  return {
    ...audioShape(format ?? "WAV", sampleRate || undefined),
    channels: channelType?.toUpperCase() === "STEREO" ? 2 : undefined,
  };
}
