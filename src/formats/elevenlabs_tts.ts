/**
 * ElevenLabs' TTS sockets: one stream on a connection, or many contexts on one.
 *
 * @see {@link https://elevenlabs.io/docs/api-reference/text-to-speech/v-1-text-to-speech-voice-id-multi-stream-input}
 * @module
 */

import { audioShape, SpeechContexts } from "../speech.ts";
import type { Facts, SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import { asText, asWord } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function elevenlabsTts(): SocketFormat {
  return { name: "elevenlabs_tts", open: ({ url }, sinks) => openContexts(url, sinks) };
}

function openContexts({ pathname, searchParams }: URL, sinks: SocketSinks): SocketReader {
  const contexts = new SpeechContexts(sinks);
  const single = !pathname.endsWith("/multi-stream-input");
  const shape = audioShape(searchParams.get("output_format") ?? undefined);
  const facts: Facts = {
    operationName: "text_to_speech",
    requestModel: asText(searchParams.get("model_id")),
    streamed: true,
  };
  let named = false;
  let closing = false;
  return readJsonFrames({
    sent(frame) {
      const id = asText(frame.context_id);
      named ||= id !== undefined;
      // an empty text ends a single stream, and keeps one of many alive
      closing ||= frame.close_socket === true || single && frame.text === "";
      const text = asText(frame.text);
      // a blank text opens a context; beside a close it is ignored
      if (text === undefined || text.trim() === "" || frame.close_context === true || closing) return;
      const speech = contexts.begin(id ?? "", shape);
      speech.sink.noteRequestId(id ?? "", "echoed");
      speech.sink.note(facts);
      speech.text(text);
    },
    received(frame) {
      const id = asText(frame.context_id) ?? asText(frame.contextId);
      // who names no context uses the default one, whatever the server calls it
      const speech = contexts.find(named ? id ?? "" : "");
      if (asText(frame.error) !== undefined) {
        for (const failed of id === undefined ? contexts.all() : [speech]) {
          failed?.fail({ type: asWord(frame.error) ?? "error", code: asWord(frame.code) });
        }
        return;
      }
      speech?.base64(asText(frame.audio));
      if (frame.isFinal === true || frame.is_final === true) speech?.sink.complete();
    },
    closed(code) {
      if (closing && code === 1000) contexts.all().forEach(({ sink }) => sink.complete());
    },
  });
}
