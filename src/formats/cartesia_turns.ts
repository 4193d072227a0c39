/**
 * Cartesia's STT socket with detection of turns by its model. One id for the connection, no times.
 *
 * @see {@link https://docs.cartesia.ai/api-reference/stt/turns/websocket}
 * @module
 */

import { noteConnectionId, SentAudio, Utterances } from "../hearing.ts";
import { audioShape } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import { asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function cartesiaTurns(): SocketFormat {
  return { name: "cartesia_turns", open };
}

function open({ url: { searchParams } }: SocketRequest, sinks: SocketSinks): SocketReader {
  const whole = sinks.whole();
  const audio = new SentAudio(
    sinks,
    audioShape(searchParams.get("encoding") ?? undefined, Number(searchParams.get("sample_rate"))),
  );
  const utterances = new Utterances(sinks);
  whole.note({
    operationName: "speech_to_text",
    requestModel: asText(searchParams.get("model")),
    streamed: true,
  });

  /** Each has all of the turn so far. */
  function hear(frame: JsonObject, final: boolean): void {
    const text = asText(frame.transcript);
    if (text) utterances.transcript({ text, extent: "turn", final });
  }

  /** Noise ends, too. */
  function end(): void {
    if (!utterances.isOpen()) return sinks.turn().clear();
    sinks.turn().endOfTurn({});
    utterances.end();
  }

  return readJsonFrames({
    audio,
    received(frame) {
      noteConnectionId(sinks, frame.request_id, "request");
      switch (frame.type) {
        case "turn.start":
          return sinks.turn().speechStarted();
        case "turn.update":
          return hear(frame, false);
        case "turn.eager_end": // `turn.resume` may take it back
          hear(frame, false);
          return sinks.turn().endOfTurn({ eager: true });
        case "turn.end":
          hear(frame, true);
          return end();
        case "error": // not all are the end of the connection
          return whole.fail({
            type: asWord(frame.error_code) ?? asWord(frame.status_code) ?? "error",
          });
      }
    },
  });
}
