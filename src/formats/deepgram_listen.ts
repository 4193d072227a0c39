/**
 * Deepgram's STT socket, v1 (Nova): one request id for the connection, utterances one after another.
 *
 * @see {@link https://developers.deepgram.com/docs/live-streaming-audio}
 * @module
 */

import { noteConnectionId, SentAudio, Utterances, wordSpan } from "../hearing.ts";
import { audioShape } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asCount, asList, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function deepgramListen(): SocketFormat {
  return { name: "deepgram_listen", open };
}

function open({ url }: SocketRequest, sinks: SocketSinks): SocketReader {
  const { searchParams } = url;
  const whole = sinks.whole();
  const audio = new SentAudio(sinks, shapeOf(url));
  const utterances = new Utterances(sinks);
  whole.note({
    operationName: "speech_to_text",
    requestModel: asText(searchParams.get("model")),
    language: asText(searchParams.get("language")),
    streamed: true,
  });

  function hear(frame: JsonObject): void {
    const alternative = asObject(asList(asObject(frame.channel)?.alternatives)[0]);
    const channel = asList(frame.channel_index)[0];
    const final = frame.is_final === true;
    // silence is transcribed, too, as an empty text
    if (asText(alternative?.transcript)) {
      const { begin, end } = wordSpan(alternative?.words);
      utterances.transcript({
        text: asText(alternative?.transcript),
        final,
        confidence: final ? asCount(alternative?.confidence) : undefined,
        language: asText(asList(alternative?.languages)[0]),
        startSeconds: begin,
        endSeconds: end,
      }, channel);
    }
    // the caller's Finalize says that all was spoken
    if (frame.speech_final === true || frame.from_finalize === true) utterances.end(channel);
  }

  return readJsonFrames({
    audio,
    received(frame) {
      const metadata = asObject(frame.metadata);
      noteConnectionId(sinks, metadata?.request_id, "request");
      switch (frame.type) {
        case "SpeechStarted":
          return sinks.turn().speechStarted({ audioSeconds: asCount(frame.timestamp) });
        case "Results":
          whole.note({ responseModel: asText(asObject(metadata?.model_info)?.name) });
          return hear(frame);
        case "UtteranceEnd": // also after `speech_final`
          return utterances.end(asList(frame.channel)[0]);
        case "Metadata": // the answer to CloseStream, and the last word
          noteConnectionId(sinks, frame.request_id, "request");
          whole.note({ sentAudioSeconds: asCount(frame.duration) });
          utterances.finish();
          return whole.complete();
        case "Error":
          return sinks.fail({ type: asWord(frame.code) ?? asWord(frame.err_code) ?? "error" });
      }
    },
  });
}

/** Without an encoding the audio is in a container, and of a length that only Deepgram knows. */
function shapeOf({ searchParams }: URL): AudioShape {
  const encoding = asText(searchParams.get("encoding"));
  const channels = Number(searchParams.get("channels")) || 1;
  if (encoding === undefined) return {};
  return { ...audioShape(encoding, Number(searchParams.get("sample_rate")) || undefined), channels };
}
