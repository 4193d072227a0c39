/**
 * Mistral's STT socket: one session, whose speech the caller cuts into utterances by flushing.
 *
 * @see {@link https://docs.mistral.ai/capabilities/audio_transcription}
 * @module
 */

import { noteConnectionId, SentAudio, Utterances } from "../hearing.ts";
import { audioShape } from "../speech.ts";
import type { Facts, SocketFormat, SocketReader, SocketRequest, SocketSinks, Transcript } from "../types.ts";
import { addUsage } from "../wire/counts.ts";
import { asCount, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";
import { countSpeechUsage } from "../wire/speech_usage.ts";

/** The socket format. */
export function mistralListen(): SocketFormat {
  return { name: "mistral_listen", open };
}

function open({ url: { searchParams } }: SocketRequest, sinks: SocketSinks): SocketReader {
  const whole = sinks.whole();
  let audio = new SentAudio(sinks, { encoding: "pcm_s16", sampleRate: 16_000 });
  const utterances = new Utterances(sinks);
  let language: string | undefined;
  /** What all utterances came to. */
  let usage: Facts = {};
  let ending = false;
  whole.note({
    operationName: "speech_to_text",
    requestModel: asText(searchParams.get("model")),
    streamed: true,
  });

  function configure(session: JsonObject | undefined): void {
    const format = asObject(session?.audio_format);
    const encoding = asText(format?.encoding);
    if (encoding) audio = new SentAudio(sinks, audioShape(encoding, asCount(format?.sample_rate)));
  }

  function hear(frame: JsonObject, final: boolean, extent?: Transcript["extent"]): void {
    if (!asText(frame.text)) return;
    utterances.transcript({
      // what is not final comes in pieces, and again
      text: final ? asText(frame.text) : undefined,
      extent,
      final,
      language,
      startSeconds: asCount(frame.start),
      endSeconds: asCount(frame.end),
    });
  }

  function finish(frame: JsonObject): void {
    language = asText(frame.language) ?? language;
    hear(frame, true, "turn");
    usage = addUsage(usage, countSpeechUsage(asObject(frame.usage)));
    whole.note({ ...usage, responseModel: asText(frame.model), language });
    utterances.end();
    if (ending) whole.complete();
  }

  return readJsonFrames({
    sent(frame) {
      switch (frame.type) {
        case "session.update":
          return configure(asObject(frame.session));
        case "input_audio.append":
          return audio.base64(asText(frame.audio));
        case "input_audio.end":
          ending = true;
      }
    },
    received(frame) {
      switch (frame.type) {
        case "session.created":
        case "session.updated": {
          const session = asObject(frame.session);
          noteConnectionId(sinks, session?.request_id, "request");
          whole.note({ responseModel: asText(session?.model) });
          return configure(session);
        }
        case "transcription.language":
          language = asText(frame.audio_language);
          return whole.note({ language });
        case "transcription.text.delta":
          return hear(frame, false);
        case "transcription.segment":
          return hear(frame, true);
        case "transcription.done":
          return finish(frame);
        case "error":
          return sinks.fail({ type: asWord(asObject(frame.error)?.code) ?? "error" });
      }
    },
  });
}
