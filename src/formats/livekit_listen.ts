/**
 * The STT socket of LiveKit's inference gateway: one shape for the recognition of many providers.
 *
 * @see {@link https://docs.livekit.io/agents/models/stt/}
 * @module
 */

import { asId, noteConnectionId, SentAudio } from "../hearing.ts";
import { audioShape } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import { asCount, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function livekitListen(): SocketFormat {
  return { name: "livekit_listen", open };
}

function open({ url, headers }: SocketRequest, sinks: SocketSinks): SocketReader {
  const whole = sinks.whole();
  let audio = new SentAudio(sinks, {});
  whole.note({
    operationName: "speech_to_text",
    requestModel: asText(url.searchParams.get("model")),
    streamed: true,
  });
  // made by the client, known to the gateway: all there is where frames have no id
  noteConnectionId(sinks, headers.get("x-livekit-session-id"), "echoed");

  function create(frame: JsonObject): void {
    const settings = asObject(frame.settings);
    // the rate comes as text
    const shape = audioShape(asText(settings?.encoding), asCount(Number(settings?.sample_rate)));
    audio = new SentAudio(sinks, shape);
    whole.note({ requestModel: asText(frame.model), language: asText(settings?.language) });
  }

  function hear(frame: JsonObject, final: boolean): void {
    const start = asCount(frame.start);
    const seconds = asCount(frame.duration);
    const id = asId(frame.request_id);
    // silence is transcribed, too, as an empty text
    if (!asText(frame.transcript)) return;
    const turn = sinks.turn();
    whole.output("text");
    turn.transcript({
      text: asText(frame.transcript),
      final,
      confidence: final ? asCount(frame.confidence) : undefined,
      language: asText(frame.language),
      startSeconds: start,
      endSeconds: start === undefined || seconds === undefined ? undefined : start + seconds,
    });
    if (id !== undefined) {
      turn.noteRequestId(id, "request");
      whole.noteRequestId(id, "request");
    }
    if (!final) return;
    turn.commit();
    turn.settle();
  }

  return readJsonFrames({
    sent(frame) {
      if (frame.type === "session.create") create(frame);
      else if (frame.type === "input_audio") audio.base64(asText(frame.audio));
    },
    received(frame) {
      noteConnectionId(sinks, frame.session_id, "session");
      switch (frame.type) {
        case "start_of_speech":
          return sinks.turn().speechStarted();
        case "interim_transcript":
        case "preflight_transcript": // what the final one will probably be
          return hear(frame, false);
        case "final_transcript":
          return hear(frame, true);
        case "session.closed":
          return whole.complete();
        case "error":
          return sinks.fail({ type: asWord(frame.code) ?? "error" });
      }
    },
  });
}
