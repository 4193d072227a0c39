/**
 * Soniox's realtime STT: the first frame has key and configuration, answers are tokens without a type.
 *
 * @see {@link https://soniox.com/docs/stt/api-reference/websocket-api}
 * @module
 */

import { meanConfidence, noteConnectionId, secondsOf, SentAudio, Utterances, wordSpan } from "../hearing.ts";
import { audioShape } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import { asCount, asList, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** Tokens that say what happened: an end was found, or the caller's finalize is done. */
const MARKS: readonly unknown[] = ["<end>", "<fin>"];

/** The socket format. */
export function soniox(): SocketFormat {
  return { name: "soniox", open };
}

function open(_request: SocketRequest, sinks: SocketSinks): SocketReader {
  const whole = sinks.whole();
  const utterances = new Utterances(sinks);
  whole.note({ operationName: "speech_to_text", streamed: true });
  let audio: SentAudio | undefined;

  function start(frame: JsonObject): void {
    const hints = asList(frame.language_hints);
    whole.note({
      requestModel: asText(frame.model),
      language: hints.length === 1 ? asText(hints[0]) : undefined,
    });
    const shape = audioShape(asText(frame.audio_format), asCount(frame.sample_rate));
    audio = new SentAudio(sinks, { ...shape, channels: asCount(frame.num_channels) ?? 1 });
  }

  function hear(tokens: readonly JsonObject[], final: boolean): void {
    if (tokens.length === 0) return;
    const { begin, end } = wordSpan(tokens, "start_ms", "end_ms");
    utterances.transcript({
      text: tokens.map((token) => asText(token.text) ?? "").join(""),
      extent: "tokens",
      final,
      confidence: final ? meanConfidence(tokens) : undefined,
      language: asText(tokens[0]?.language),
      startSeconds: secondsOf(begin),
      endSeconds: secondsOf(end),
    });
  }

  function hearAll(tokens: readonly JsonObject[]): void {
    let final: JsonObject[] = [];
    const guessed: JsonObject[] = [];
    for (const token of tokens) {
      if (MARKS.includes(token.text)) {
        hear(final, true);
        final = [];
        utterances.end();
      } else if (asText(token.text)?.trim() && token.translation_status !== "translation") {
        (token.is_final === true ? final : guessed).push(token);
      }
    }
    hear(final, true);
    hear(guessed, false);
  }

  return readJsonFrames({
    sent(frame) {
      if (audio === undefined && frame.type === undefined) start(frame);
    },
    get audio() {
      return audio;
    },
    received(frame) {
      if (frame.error_code !== undefined) {
        noteConnectionId(sinks, frame.request_id, "request");
        return sinks.fail({ type: asWord(frame.error_code) ?? "error", code: asWord(frame.error_type) });
      }
      hearAll(asList(frame.tokens).map(asObject).filter((token) => token !== undefined));
      if (frame.finished !== true) return;
      whole.note({ sentAudioSeconds: secondsOf(frame.total_audio_proc_ms) });
      utterances.finish();
      whole.complete();
    },
  });
}
