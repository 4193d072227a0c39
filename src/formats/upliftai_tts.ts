/**
 * UpliftAI's TTS socket: events of Socket.IO, many requests on one connection. The packet that connects has a secret
 * and is not looked into.
 *
 * @see {@link https://docs.upliftai.org/websocket-tts}
 * @module
 */

import { audioShape, SpeechContexts } from "../speech.ts";
import type { Frame, SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import { asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readSocketIoEvent } from "../wire/socket_io.ts";

const NAMESPACE = "/text-to-speech/multi-stream";

/** The socket format. */
export function upliftaiTts(): SocketFormat {
  return { name: "upliftai_tts", open: (_request, sinks) => openRequests(sinks) };
}

function openRequests(sinks: SocketSinks): SocketReader {
  const contexts = new SpeechContexts(sinks);
  return {
    sent(frame) {
      const message = messageOf(frame);
      if (message === undefined) return;
      const id = asText(message.requestId) ?? "";
      if (message.type === "cancel") return contexts.find(id)?.sink.cancel();
      const text = message.type === "synthesize" ? asText(message.text) : undefined;
      if (text === undefined || text.trim() === "") return;
      const speech = contexts.begin(id, audioShape(asText(message.outputFormat) ?? "PCM_22050_16"));
      speech.sink.noteRequestId(id, "echoed");
      speech.sink.note({ operationName: "text_to_speech", streamed: true });
      speech.text(text);
    },
    received(frame) {
      const message = messageOf(frame);
      if (message === undefined) return;
      if (message.type === "ready") contexts.noteConnectionId(asText(message.sessionId) ?? "", "session");
      const speech = contexts.find(asText(message.requestId) ?? "");
      if (message.type === "error") {
        const type = asWord(message.code) ?? "error";
        for (const failed of speech ? [speech] : contexts.all()) failed.fail({ type });
        return;
      }
      if (message.type === "audio") speech?.base64(asText(message.audio));
      if (message.type === "audio_end") speech?.sink.complete();
    },
  };
}

/** What an event of our namespace carries; where it does not say its type, the event's name does. */
function messageOf(frame: Frame): JsonObject | undefined {
  const event = typeof frame === "string" ? readSocketIoEvent(frame) : undefined;
  if (event?.namespace !== NAMESPACE) return undefined;
  return { type: event.name, ...asObject(event.data) };
}
