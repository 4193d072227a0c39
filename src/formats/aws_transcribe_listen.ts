/**
 * Amazon Transcribe's socket: messages of AWS event streams both ways, a frame for each. Those that are sent are
 * signed: the message proper is the payload of another.
 *
 * @see {@link https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html}
 * @module
 */

import { noteConnection, SentAudio } from "../hearing.ts";
import { audioShape } from "../speech.ts";
import type { Frame, SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { type EventStreamValue, readEventStream } from "../wire/event_stream.ts";
import { asCount, asList, asObject, asText, asWord, type JsonObject, parseJson } from "../wire/json.ts";

/** The socket format. */
export function awsTranscribeListen(): SocketFormat {
  return { name: "aws_transcribe_listen", readsBlobs: true, open };
}

type Headers = ReadonlyMap<string, EventStreamValue>;

function open({ url: { searchParams } }: SocketRequest, sinks: SocketSinks): SocketReader {
  const whole = sinks.whole();
  const audio = new SentAudio(sinks, shapeOf(searchParams));
  whole.note({
    operationName: "speech_to_text",
    requestModel: asText(searchParams.get("language-model-name")),
    language: asText(searchParams.get("language-code")),
    streamed: true,
  });
  // made by the client; where it made none, only Amazon knows what it took
  noteConnection(sinks, searchParams.get("session-id"), "echoed");

  function send(headers: Headers, payload: Uint8Array): void {
    if (headers.get(":event-type") === "AudioEvent") audio.bytes(payload);
    else if (headers.has(":chunk-signature")) readMessage(payload, send);
  }

  function receive(headers: Headers, payload: Uint8Array): void {
    if (headers.get(":message-type") !== "event") {
      const type = headers.get(":exception-type") ?? headers.get(":error-code");
      return sinks.fail({ type: asWord(type) ?? "error" });
    }
    const transcript = asObject(asObject(parseJson(payload))?.Transcript);
    for (const result of asList(transcript?.Results)) hear(asObject(result) ?? {});
  }

  function hear(result: JsonObject): void {
    const alternative = asObject(asList(result.Alternatives)[0]);
    if (!asText(alternative?.Transcript)) return;
    const final = result.IsPartial === false;
    whole.output("text");
    const turn = sinks.turn();
    turn.transcript({
      final,
      confidence: final ? confidenceOf(alternative?.Items) : undefined,
      language: asText(result.LanguageCode),
      startSeconds: asCount(result.StartTime),
      endSeconds: asCount(result.EndTime),
    });
    if (!final) return;
    turn.commit();
    turn.settle();
  }

  return {
    sent: (frame) => readMessage(frame, send),
    received: (frame) => readMessage(frame, receive),
  };
}

/** Reads the message that a frame is. */
function readMessage(frame: Frame, onMessage: (headers: Headers, payload: Uint8Array) => void): void {
  if (frame instanceof Uint8Array) readEventStream({ onMessage }).push(frame);
}

/** `pcm`, `ogg-opus`, `flac`; what telephones speak comes as `g711-ulaw`. */
function shapeOf(query: URLSearchParams): AudioShape {
  const shape = audioShape(query.get("media-encoding") ?? undefined, Number(query.get("sample-rate")));
  return { ...shape, channels: Number(query.get("number-of-channels")) || 1 };
}

/** Words have one each, punctuation none. */
function confidenceOf(items: unknown): number | undefined {
  const all = asList(items).map((item) => asCount(asObject(item)?.Confidence))
    .filter((one) => one !== undefined);
  return all.length > 0 ? all.reduce((sum, one) => sum + one, 0) / all.length : undefined;
}
