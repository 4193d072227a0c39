/**
 * Amazon Transcribe's streams, over a socket or over HTTP/2: segments of speech, one after another.
 *
 * @see {@link https://docs.aws.amazon.com/transcribe/latest/APIReference/API_streaming_StartStreamTranscription.html}
 * @module
 */

import { noteConnectionId, SentAudio } from "../hearing.ts";
import { audioShape } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { readEventFrames } from "../wire/event_frames.ts";
import { asCount, asList, asObject, asText, type JsonObject, parseJson } from "../wire/json.ts";

/** The socket format. */
export function awsTranscribeListen(): SocketFormat {
  return { name: "aws_transcribe_listen", readsBlobs: true, open };
}

function open(request: SocketRequest, sinks: SocketSinks): SocketReader {
  const whole = sinks.whole();
  const audio = new SentAudio(sinks, shapeOf(request));
  // made by the client; over HTTP/2 the answer's headers have it, too
  noteConnectionId(sinks, settingOf(request, "session-id"), "echoed");
  whole.note({
    operationName: "speech_to_text",
    requestModel: settingOf(request, "language-model-name"),
    language: settingOf(request, "language-code"),
    streamed: true,
  });

  function hear(result: JsonObject): void {
    const alternative = asObject(asList(result.Alternatives)[0]);
    if (!asText(alternative?.Transcript)) return;
    const final = result.IsPartial === false;
    whole.output("text");
    sinks.turn().transcript({
      text: asText(alternative?.Transcript),
      final,
      confidence: final ? confidenceOf(asList(alternative?.Items)) : undefined,
      language: asText(result.LanguageCode),
      startSeconds: asCount(result.StartTime),
      endSeconds: asCount(result.EndTime),
    });
    if (!final) return;
    sinks.turn().commit();
    sinks.turn().settle();
  }

  return readEventFrames({
    sent(type, payload) {
      if (type === "AudioEvent") audio.bytes(payload);
    },
    received(type, payload) {
      if (!/TranscriptEvent$/.test(type)) return;
      const transcript = asObject(asObject(parseJson(payload))?.Transcript);
      for (const result of asList(transcript?.Results)) hear(asObject(result) ?? {});
    },
    failed: (type) => sinks.fail({ type }),
    unread: () => whole.unread(),
    passOver: (bytes) => whole.passOver(bytes),
  });
}

/** What was asked for: in the query of a socket, in headers over HTTP/2. */
function settingOf({ url, headers }: SocketRequest, name: string): string | undefined {
  return asText(url.searchParams.get(name)) ?? asText(headers.get(`x-amzn-transcribe-${name}`));
}

/** `pcm`, `ogg-opus`, `flac`; what telephones speak comes as `g711-ulaw`. */
function shapeOf(request: SocketRequest): AudioShape {
  const rate = Number(settingOf(request, "sample-rate")) || undefined;
  const channels = Number(settingOf(request, "number-of-channels")) || 1;
  return { ...audioShape(settingOf(request, "media-encoding"), rate), channels };
}

/** Words have one each, punctuation none. */
function confidenceOf(items: readonly unknown[]): number | undefined {
  const known = items.map((item) => asCount(asObject(item)?.Confidence)).filter((one) => one !== undefined);
  return known.length > 0 ? known.reduce((sum, one) => sum + one) / known.length : undefined;
}
