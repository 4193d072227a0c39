/**
 * Resemble's TTS socket: several requests on one connection, numbered by the client. The numbers are no ids.
 *
 * @see {@link https://docs.resemble.ai/voice-generation/text-to-speech/streaming-websocket}
 * @module
 */

import { type Speech, SpeechContexts } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import type { AudioEncoding, AudioShape } from "../wire/audio.ts";
import { asCount, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function resembleTts(): SocketFormat {
  return { name: "resemble_tts", open: (_request, sinks) => openRequests(sinks) };
}

function openRequests(sinks: SocketSinks): SocketReader {
  const contexts = new SpeechContexts(sinks);
  /** The number of a request that brings none: the provider counts too. */
  let next = 0;
  // bytes bear no number: audio comes in the order of the requests
  const speaking = (): Speech | undefined => contexts.oldest();
  return readJsonFrames({
    sent(frame) {
      const text = asText(frame.data);
      if (text === undefined || text.trim() === "") return;
      const number = asCount(frame.request_id) ?? next;
      next = number + 1;
      const speech = contexts.begin(String(number), shapeOf(frame));
      speech.sink.note({
        operationName: "text_to_speech",
        requestModel: asText(frame.model),
        streamed: true,
      });
      speech.text(text);
    },
    received(frame) {
      const number = asCount(frame.request_id);
      if (frame.type === "error") {
        const speech = contexts.find(String(number));
        for (const failed of speech ? [speech] : contexts.all()) fail(failed, frame);
        return;
      }
      const speech = number === undefined ? speaking() : contexts.find(String(number));
      if (frame.type === "audio") speech?.base64(asText(frame.audio_content));
      if (frame.type === "audio_end") speech?.sink.complete();
    },
    binary: (bytes) => speaking()?.audio(bytes),
    blob: (size) => speaking()?.blob(size),
  });
}

function fail(speech: Speech, frame: JsonObject): void {
  const status = asWord(frame.status_code);
  speech.fail({ type: asWord(frame.error_name) ?? status ?? "error", code: status });
}

const PRECISIONS: ReadonlyMap<unknown, AudioEncoding> = new Map([
  ["PCM_16", "pcm_s16"],
  ["PCM_24", "pcm_s24"],
  ["PCM_32", "pcm_s32"],
  ["MULAW", "mulaw"],
]);

function shapeOf(frame: JsonObject): AudioShape {
  if (frame.output_format === "mp3") return { encoding: "mp3" };
  const { precision = "PCM_32" } = frame;
  const sampleRate = asCount(frame.sample_rate);
  if (frame.no_audio_header === true) return { encoding: PRECISIONS.get(precision), sampleRate };
  // whether JSON has the header too is not said; without one, audio passes for 16 bit
  return { sampleRate: precision === "PCM_16" ? sampleRate : undefined };
}
