/**
 * Inworld's TTS socket: up to five contexts on one connection, each created with its own settings.
 *
 * @see {@link https://docs.inworld.ai/api-reference/ttsAPI/texttospeech/synthesize-speech-websocket}
 * @module
 */

import { audioShape, SpeechContexts } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asCount, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** Contexts beyond these that were created and never closed are forgotten. */
const MAX_CREATED = 64;

/** What a context was created with. */
interface Settings {
  readonly model: string | undefined;
  readonly shape: AudioShape;
}

/** The socket format. */
export function inworldTts(): SocketFormat {
  return { name: "inworld_tts", open: (_request, sinks) => openContexts(sinks) };
}

/** How audio is coded, as an `audioConfig` says it. */
export function inworldAudio(config: unknown): AudioShape {
  const { audioEncoding, sampleRateHertz } = asObject(config) ?? {};
  const sampleRate = asCount(sampleRateHertz);
  // it may come bare or as WAV files: the bytes say so
  if (audioEncoding === "LINEAR16") return { sampleRate };
  const shape = audioShape(asText(audioEncoding), sampleRate);
  return shape.encoding ? shape : {};
}

function openContexts(sinks: SocketSinks): SocketReader {
  const contexts = new SpeechContexts(sinks);
  const created = new Map<string, Settings>();
  return readJsonFrames({
    sent(frame) {
      const id = contextOf(frame);
      const settings = asObject(frame.create);
      if (settings !== undefined) {
        created.delete(id);
        created.set(id, { model: asText(settings.modelId), shape: inworldAudio(settings.audioConfig) });
        if (created.size > MAX_CREATED) created.delete(created.keys().next().value ?? "");
      }
      const text = asText(asObject(frame.send_text)?.text);
      if (text === undefined || text.trim() === "") return;
      const asked = created.get(id);
      const speech = contexts.begin(id, asked?.shape ?? {});
      speech.sink.noteRequestId(id, "echoed");
      speech.sink.note({ operationName: "text_to_speech", requestModel: asked?.model, streamed: true });
      speech.text(text);
    },
    received(frame) {
      const result = asObject(frame.result) ?? {};
      const id = contextOf(result);
      const speech = contexts.find(id);
      const error = asObject(frame.error);
      const code = asWord((error ?? asObject(result.status))?.code);
      if (error !== undefined || code !== undefined && code !== "0") {
        // an error of the socket has no context
        for (const failed of id === "" ? contexts.all() : [speech]) failed?.fail({ type: "error", code });
        return;
      }
      speech?.base64(asText(asObject(result.audioChunk)?.audioContent));
      if (asObject(result.contextClosed) === undefined) return;
      created.delete(id);
      speech?.sink.complete();
    },
  });
}

function contextOf(json: JsonObject): string {
  return asText(json.contextId) ?? asText(json.context_id) ?? "";
}
