/**
 * The TTS socket of smallest.ai: settings beside each text, syntheses one after the other.
 *
 * @see {@link https://waves-docs.smallest.ai/v4.x/content/api-references/websocket}
 * @module
 */

import { audioShape, SpeechContexts } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asCount, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function smallestTts(): SocketFormat {
  return { name: "smallest_tts", open: ({ url }, sinks) => openSession(url, sinks) };
}

/** The model: older routes have it in the path. */
export function smallestModel(json: JsonObject, { pathname }: URL): string | undefined {
  return asText(json.model) ?? asText(/\/(lightning[\w.-]*)\//.exec(pathname)?.[1]);
}

/** How audio is coded: bare where nothing else is asked for. */
export function smallestAudio(json: JsonObject): AudioShape {
  return audioShape(asText(json.output_format) ?? "pcm", asCount(json.sample_rate));
}

function openSession(url: URL, sinks: SocketSinks): SocketReader {
  const contexts = new SpeechContexts(sinks);
  return readJsonFrames({
    sent(frame) {
      const text = asText(frame.text);
      // an empty text flushes, a blank one keeps the connection alive
      if (text === undefined || text.trim() === "") return;
      const id = asText(frame.request_id) ?? "";
      const speech = contexts.begin(id, smallestAudio(frame));
      speech.sink.noteRequestId(id, "echoed");
      speech.sink.noteRequestId(asText(frame.session_id) ?? "", "echoed");
      speech.sink.note({
        operationName: "text_to_speech",
        requestModel: smallestModel(frame, url),
        streamed: true,
      });
      speech.text(text);
    },
    received(frame) {
      const session = asText(frame.session_id);
      if (session !== undefined) contexts.noteConnectionId(session, "session");
      const id = asText(frame.external_request_id);
      // what bears no id of the client's is of the oldest: they are spoken in order
      const speech = id === undefined ? contexts.oldest() : contexts.find(id);
      // the server makes an id for each piece that it speaks
      speech?.sink.noteRequestId(asText(frame.request_id) ?? "", "request");
      if (frame.status === "error") return speech?.fail({ type: "error", code: asWord(frame.code) });
      speech?.base64(asText(asObject(frame.data)?.audio));
      if (frame.status === "complete") speech?.sink.complete();
    },
  });
}
