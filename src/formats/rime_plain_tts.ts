/**
 * Rime's TTS socket of plain text, `/ws`: bare text goes, raw audio comes, and nothing says where a segment ends.
 *
 * @see {@link https://docs.rime.ai/docs/websockets}
 * @module
 */

import { audioShape, SpeechContexts } from "../speech.ts";
import type { Facts, SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import { asText } from "../wire/json.ts";

/** The socket format. */
export function rimePlainTts(): SocketFormat {
  return { name: "rime_plain_tts", open: ({ url }, sinks) => openStream(url, sinks) };
}

function openStream({ searchParams }: URL, sinks: SocketSinks): SocketReader {
  const contexts = new SpeechContexts(sinks);
  const asked = audioShape(
    searchParams.get("audioFormat") ?? undefined,
    Number(searchParams.get("samplingRate")) || undefined,
  );
  const shape = asked.encoding ? asked : {};
  const facts: Facts = {
    operationName: "text_to_speech",
    requestModel: asText(searchParams.get("modelId")),
    streamed: true,
  };
  let closing = false;
  return {
    sent(frame) {
      if (typeof frame !== "string" || frame.trim() === "") return;
      // a frame that is a command and nothing else is not spoken
      if (frame === "<FLUSH>") return;
      if (frame === "<CLEAR>") return contexts.find("")?.sink.cancel();
      if (frame === "<EOS>") return void (closing = true);
      const speech = contexts.begin("", shape);
      speech.sink.note(facts);
      speech.text(frame);
    },
    received(frame) {
      if (frame instanceof Uint8Array) contexts.find("")?.audio(frame);
      else if (typeof frame === "object") contexts.find("")?.blob(frame.size);
    },
    closed(code) {
      if (closing && code === 1000) contexts.find("")?.sink.complete();
    },
  };
}
