/**
 * Fish Audio's TTS socket: MessagePack in binary frames, one stream of text at a time.
 *
 * @see {@link https://docs.fish.audio/api-reference/endpoint/websocket/tts-live}
 * @module
 */

import { audioShape, SpeechContexts } from "../speech.ts";
import type { CallRequest, Frame, SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asCount, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { parseMsgpack } from "../wire/msgpack.ts";

/** The stream of the moment. */
const KEY = "";

/** The socket format. The model is in a header of the handshake, which is not seen. */
export function fishAudioTts(): SocketFormat {
  return { name: "fish_audio_tts", open: (_request, sinks) => openStreams(sinks) };
}

function openStreams(sinks: SocketSinks): SocketReader {
  const contexts = new SpeechContexts(sinks);
  let shape: AudioShape = {};

  function speak(text: string): void {
    // blanks alone begin no stream
    const speech = text.trim() === "" ? contexts.find(KEY) : contexts.begin(KEY, shape);
    speech?.sink.note({ operationName: "text_to_speech", streamed: true });
    speech?.text(text);
  }

  return {
    sent(frame) {
      const message = messageOf(frame);
      if (message?.event === "text") return speak(asText(message.text) ?? "");
      if (message?.event !== "start") return;
      const request = asObject(message.request) ?? {};
      shape = fishAudioShape(request);
      speak(asText(request.text) ?? "");
    },
    received(frame) {
      const message = messageOf(frame);
      const speech = contexts.find(KEY);
      if (message?.event === "audio" && message.audio instanceof Uint8Array) speech?.audio(message.audio);
      if (message?.event !== "finish") return;
      if (message.reason === "error") speech?.fail({ type: asWord(message.code) ?? "error" });
      else speech?.sink.complete();
    },
  };
}

/** The shape that a request asks for. Only raw audio needs a rate. */
export function fishAudioShape(request: JsonObject): AudioShape {
  const format = asText(request.format);
  return audioShape(format, format === "pcm" ? asCount(request.sample_rate) ?? 44_100 : undefined);
}

/** The body of a request over HTTP: JSON, or what the official SDK sends. */
export function fishAudioBody(json: JsonObject, { bytes }: CallRequest): JsonObject {
  return bytes && asObject(parseMsgpack(bytes)) || json;
}

function messageOf(frame: Frame): JsonObject | undefined {
  return frame instanceof Uint8Array ? asObject(parseMsgpack(frame)) : undefined;
}
