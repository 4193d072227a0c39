/**
 * Rime's TTS sockets of JSON, `/ws2` and `/ws3`. A context id is a tag that audio bears; the socket speaks one thing
 * after the other.
 *
 * @see {@link https://docs.rime.ai/docs/websockets}
 * @module
 */

import { audioShape, SpeechContexts } from "../speech.ts";
import type { Facts, SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asCount, asText } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function rimeTts(): SocketFormat {
  return { name: "rime_tts", open: ({ url }, sinks) => openContexts(url, sinks) };
}

function openContexts({ searchParams }: URL, sinks: SocketSinks): SocketReader {
  const contexts = new SpeechContexts(sinks);
  const shape = rimeAudio(searchParams.get("audioFormat"), searchParams.get("samplingRate"));
  const facts: Facts = {
    operationName: "text_to_speech",
    requestModel: asText(searchParams.get("modelId")),
    streamed: true,
  };
  let tag = "";
  let closing = false;
  return readJsonFrames({
    sent(frame) {
      if (frame.operation === "clear") contexts.all().forEach(({ sink }) => sink.cancel());
      closing ||= frame.operation === "eos";
      const text = asText(frame.text);
      if (text === undefined || text.trim() === "") return;
      const id = asText(frame.contextId);
      tag = id ?? tag; // the last tag stands for what has none
      const speech = contexts.begin(tag, shape);
      speech.sink.noteRequestId(id ?? "", "echoed");
      speech.sink.note(facts);
      speech.text(text);
    },
    received(frame) {
      const id = asText(frame.contextId);
      // audio of text that had no tag may bear none: then it is that of the oldest
      const speech = id === undefined ? contexts.oldest() : contexts.find(id);
      if (frame.type === "error") {
        // a sentence is all that it says
        for (const failed of id === undefined ? contexts.all() : [speech]) failed?.fail({ type: "error" });
        return;
      }
      if (frame.type === "chunk") speech?.base64(asText(frame.data));
      if (frame.type === "done") speech?.sink.complete();
    },
    closed(code) {
      if (closing && code === 1000) contexts.all().forEach(({ sink }) => sink.complete());
    },
  });
}

/** How audio is coded, as the settings say it. */
export function rimeAudio(format: unknown, sampleRate: unknown): AudioShape {
  const shape = audioShape(asText(format), asCount(Number(sampleRate ?? NaN)));
  return shape.encoding ? shape : {};
}
