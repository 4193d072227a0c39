/**
 * xAI's STT socket: the query configures it, audio goes as bytes, and nothing has an id.
 *
 * @see {@link https://docs.x.ai/developers/model-capabilities/audio/speech-to-text}
 * @module
 */

import { meanConfidence, SentAudio, Utterances, wordSpan } from "../hearing.ts";
import { audioShape } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import { asCount, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function xaiStt(): SocketFormat {
  return { name: "xai_stt", open };
}

function open({ url: { searchParams } }: SocketRequest, sinks: SocketSinks): SocketReader {
  const whole = sinks.whole();
  const utterances = new Utterances(sinks);
  const channels = searchParams.get("multichannel") === "true"
    ? Number(searchParams.get("channels")) || 2
    : 1;
  const rate = Number(searchParams.get("sample_rate")) || 16_000;
  const audio = new SentAudio(sinks, {
    ...audioShape(searchParams.get("encoding") ?? "pcm", rate),
    channels,
  });
  whole.note({
    operationName: "speech_to_text",
    requestModel: asText(searchParams.get("model")),
    language: asText(searchParams.get("language")),
    streamed: true,
  });
  /** Whether anything was heard, and how many channels are done. */
  let heard = false;
  let done = 0;

  function hear(frame: JsonObject, final: boolean, again = false): void {
    if (!asText(frame.text)?.trim()) return;
    const { begin, end } = wordSpan(frame.words);
    const start = asCount(frame.start);
    const duration = asCount(frame.duration);
    heard = true;
    utterances.transcript({
      text: again ? undefined : asText(frame.text),
      // what ends an utterance has all of it once more
      extent: frame.speech_final === true && channels === 1 ? "turn" : "segment",
      final,
      confidence: final ? meanConfidence(frame.words) : undefined,
      language: asText(frame.language),
      startSeconds: begin ?? start,
      endSeconds: end ?? (start === undefined || duration === undefined ? undefined : start + duration),
    }, frame.channel_index);
  }

  /** The whole text once more: news only where nothing was heard, or something is not over. */
  function finish(frame: JsonObject): void {
    if (utterances.isOpen(frame.channel_index) || !heard) {
      hear({ text: frame.text, channel_index: frame.channel_index }, true, heard);
    }
    utterances.end(frame.channel_index);
    whole.note({ sentAudioSeconds: asCount(frame.duration) });
    if (++done < channels) return;
    utterances.finish();
    whole.complete();
  }

  return readJsonFrames({
    audio,
    received(frame) {
      switch (frame.type) {
        case "transcript.partial":
          hear(frame, frame.is_final === true);
          if (frame.speech_final === true) utterances.end(frame.channel_index);
          return;
        case "transcript.done": // the answer to `audio.done`, of each channel
          return finish(frame);
        case "error":
          return sinks.fail({ type: asWord(frame.code) ?? "error" });
      }
    },
  });
}
