/**
 * Sarvam's TTS socket: a configuration, then one utterance after the other.
 *
 * @see {@link https://docs.sarvam.ai/api-reference-docs/text-to-speech/stream}
 * @module
 */

import { audioShape, SpeechContexts } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asCount, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The only utterance at a time. */
const KEY = "";

/** The socket format. */
export function sarvamTts(): SocketFormat {
  return {
    name: "sarvam_tts",
    open: ({ url }, sinks) => openUtterances(sinks, asText(url.searchParams.get("model"))),
  };
}

function openUtterances(sinks: SocketSinks, model: string | undefined): SocketReader {
  const contexts = new SpeechContexts(sinks);
  let config: JsonObject = {};
  return readJsonFrames({
    sent(frame) {
      const data = asObject(frame.data) ?? {};
      if (frame.type === "config") config = data;
      const text = frame.type === "text" ? asText(data.text) : undefined;
      if (text === undefined || text.trim() === "") return;
      const speech = contexts.begin(KEY, sarvamShape(config));
      speech.sink.note({
        operationName: "text_to_speech",
        requestModel: asText(config.model) ?? model,
        streamed: true,
      });
      speech.text(text);
    },
    received(frame) {
      const speech = contexts.find(KEY);
      if (speech === undefined) return;
      const data = asObject(frame.data) ?? {};
      const id = asText(frame.request_id) ?? asText(data.request_id) ??
        asText(asObject(frame.metadata)?.request_id);
      speech.sink.noteRequestId(id ?? "", "request");
      if (frame.type === "audio") speech.base64(asText(data.audio));
      if (frame.type === "error") speech.fail({ type: asWord(data.code) ?? "error" });
      // comes only where the query asks for it; else the socket's close ends what is open
      if (frame.type === "event" && data.event_type === "final") speech.sink.complete();
    },
  });
}

/** The shape of the audio that is asked for. */
export function sarvamShape(config: JsonObject): AudioShape {
  const codec = asText(config.output_audio_codec);
  // containers say the rate themselves, and which is the default changes with the model
  return codec === undefined ? {} : audioShape(codec, asCount(Number(config.speech_sample_rate)));
}
