/**
 * Cartesia's TTS socket: many contexts on one connection.
 *
 * @see {@link https://docs.cartesia.ai/api-reference/tts/websocket}
 * @module
 */

import { audioShape, type Speech, SpeechContexts } from "../speech.ts";
import type { AudioShape } from "../wire/audio.ts";
import type { SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import { asCount, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function cartesiaTts(): SocketFormat {
  return { name: "cartesia_tts", open: (_request, sinks) => openContexts(sinks) };
}

function openContexts(sinks: SocketSinks): SocketReader {
  const contexts = new SpeechContexts(sinks);
  return readJsonFrames({
    sent(frame) {
      const id = asText(frame.context_id);
      if (id === undefined) return;
      if (frame.cancel === true) return contexts.find(id)?.sink.cancel();
      const text = asText(frame.transcript);
      // a blank transcript primes or closes a context
      if (text === undefined || text.trim() === "") return;
      const speech = contexts.begin(id, shapeOf(frame));
      speech.sink.noteRequestId(id, "echoed");
      speech.sink.note({
        operationName: "text_to_speech",
        requestModel: asText(frame.model_id),
        streamed: true,
      });
      speech.text(text);
    },
    received(frame) {
      const id = asText(frame.context_id);
      const speech = contexts.find(id ?? "");
      if (frame.type === "error") {
        // one without a context is the connection's
        for (const failed of id === undefined ? contexts.all() : speech ? [speech] : []) fail(failed, frame);
        return;
      }
      speech?.base64(asText(frame.data));
      if (frame.done === true) speech?.sink.complete();
    },
  });
}

/** Newer versions say `error_code` and `request_id`, older ones only a status and a sentence. */
function fail(speech: Speech, frame: JsonObject): void {
  const status = asWord(frame.status_code);
  speech.sink.noteRequestId(asText(frame.request_id) ?? "", "request");
  speech.fail({ type: asWord(frame.error_code) ?? status ?? "error", code: status });
}

function shapeOf(frame: JsonObject): AudioShape {
  const format = asObject(frame.output_format);
  return audioShape(asText(format?.encoding) ?? asText(format?.container), asCount(format?.sample_rate));
}
