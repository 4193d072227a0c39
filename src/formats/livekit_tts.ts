/**
 * The TTS socket of LiveKit's inference gateway: sessions one after another, an utterance at a time.
 *
 * @see {@link https://docs.livekit.io/agents/models/tts/}
 * @module
 */

import { audioShape, SpeechContexts } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asCount, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The utterance of the moment. */
const KEY = "";

/** The socket format. */
export function livekitTts(): SocketFormat {
  return { name: "livekit_tts", open: openSessions };
}

function openSessions({ url }: SocketRequest, sinks: SocketSinks): SocketReader {
  const contexts = new SpeechContexts(sinks);
  let requestModel = url.searchParams.get("model") ?? undefined;
  let shape: AudioShape = {};
  /** The id of the session, once the gateway said it. */
  let sessionId = "";

  function speak(text: string): void {
    // blanks alone begin no utterance
    const speech = text.trim() === "" ? contexts.find(KEY) : contexts.begin(KEY, shape);
    speech?.sink.note({ operationName: "text_to_speech", requestModel, streamed: true });
    speech?.sink.noteRequestId(sessionId, "session");
    speech?.text(text);
  }

  return readJsonFrames({
    sent(frame) {
      if (frame.type === "session.create") {
        requestModel = asText(frame.model) ?? requestModel;
        shape = shapeOf(frame);
        sessionId = "";
      } else if (frame.type === "input_transcript") {
        speak(asText(frame.transcript) ?? "");
      }
    },
    received(frame) {
      sessionId = asText(frame.session_id) ?? sessionId;
      const speech = contexts.find(KEY);
      speech?.sink.noteRequestId(sessionId, "session");
      switch (frame.type) {
        case "output_audio":
          return speech?.base64(asText(frame.audio));
        case "done":
        case "session.closed":
          return speech?.sink.complete();
        case "error":
          return speech?.fail({ type: asWord(frame.code) ?? "error" });
      }
    },
  });
}

/** The rate comes as text. */
function shapeOf(frame: JsonObject): AudioShape {
  return audioShape(asText(frame.encoding), asCount(Number(frame.sample_rate)));
}
