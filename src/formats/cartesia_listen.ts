/**
 * Cartesia's STT socket without detection of turns: the caller says when the user has finished. Its commands are bare
 * words.
 *
 * @see {@link https://docs.cartesia.ai/api-reference/stt/stt}
 * @module
 */

import { noteConnectionId, SentAudio, Utterances, wordSpan } from "../hearing.ts";
import { audioShape } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function cartesiaListen(): SocketFormat {
  return { name: "cartesia_listen", open };
}

function open({ url: { searchParams } }: SocketRequest, sinks: SocketSinks): SocketReader {
  const whole = sinks.whole();
  const audio = new SentAudio(sinks, shapeOf(searchParams));
  const utterances = new Utterances(sinks);
  const requestModel = asText(searchParams.get("model"));
  /** Answers to `finalize` that are to come. */
  let asked = 0;
  whole.note({
    operationName: "speech_to_text",
    requestModel,
    language: asText(searchParams.get("language")),
    streamed: true,
  });

  function hear(frame: JsonObject): void {
    // silence is transcribed, too, as an empty text
    if (asText(asText(frame.text)?.trim()) === undefined) return;
    const final = frame.is_final === true;
    const { begin, end } = wordSpan(frame.words);
    utterances.transcript({
      text: asText(frame.text),
      final,
      language: asText(frame.language),
      startSeconds: begin,
      endSeconds: end,
    });
    // the older models end an utterance at silence, by themselves
    if (final && asked === 0 && requestModel?.startsWith("ink-whisper")) utterances.end();
  }

  return readJsonFrames({
    sentText(text) {
      if (text === "finalize") asked++;
    },
    audio,
    received(frame) {
      noteConnectionId(sinks, frame.request_id, "request");
      switch (frame.type) {
        case "transcript":
          return hear(frame);
        case "flush_done":
          asked = Math.max(0, asked - 1);
          return utterances.end();
        case "done": // the answer to `close`
          utterances.end();
          return whole.complete();
        case "error":
          // not all are the end of the connection
          return whole.fail({
            type: asWord(frame.error_code) ?? asWord(frame.status_code) ?? asWord(frame.code) ?? "error",
          });
      }
    },
  });
}

function shapeOf(query: URLSearchParams): AudioShape {
  return audioShape(query.get("encoding") ?? undefined, Number(query.get("sample_rate")) || undefined);
}
