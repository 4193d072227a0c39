/**
 * Sarvam's STT socket: one final transcript after another, and on request signals of its voice activity detection.
 *
 * @see {@link https://docs.sarvam.ai/api-reference-docs/speech-to-text/stt/ws}
 * @module
 */

import { asId, SentAudio } from "../hearing.ts";
import { audioShape } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import { asCount, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function sarvamListen(): SocketFormat {
  return { name: "sarvam_listen", open };
}

function open({ url: { searchParams } }: SocketRequest, sinks: SocketSinks): SocketReader {
  const whole = sinks.whole();
  let audio: SentAudio | undefined;
  let heardSeconds = 0;
  /** Whether a turn is open, whether in it speech goes on, and whether a transcript of it came. */
  let open = false;
  let speaking = false;
  let heard = false;
  /** The first id that was seen: that of what has none of its own. */
  let firstId: string | undefined;
  whole.note({
    operationName: "speech_to_text",
    requestModel: asText(searchParams.get("model")),
    language: asText(searchParams.get("language-code")),
    streamed: true,
  });

  /** Pieces are WAV files, or raw whatever they say they are. */
  function listenTo({ data, sample_rate }: JsonObject): void {
    const rate = Number(searchParams.get("sample_rate") ?? sample_rate) || 16_000;
    const codec = asText(searchParams.get("input_audio_codec"));
    audio ??= new SentAudio(sinks, codec?.startsWith("pcm") ? audioShape(codec, rate) : { sampleRate: rate });
    audio.base64(asText(data));
  }

  function signal(name: unknown): void {
    if (name === "START_SPEECH") {
      open = speaking = true;
      heard = false;
      sinks.turn().speechStarted();
    } else if (name === "END_SPEECH" && open) {
      speaking = false;
      sinks.turn().speechStopped();
      if (heard) end();
    }
  }

  function hear(data: JsonObject, id: string | undefined): void {
    const turn = sinks.turn();
    if (asText(data.transcript)) {
      open = heard = true;
      whole.output("text");
      turn.transcript({
        text: asText(data.transcript),
        final: true,
        language: asText(data.language_code),
        startSeconds: asCount(data.speech_start) || undefined,
        endSeconds: asCount(data.speech_end) || undefined,
      });
    }
    const seconds = asCount(asObject(data.metrics)?.audio_duration);
    if (seconds !== undefined) whole.note({ sentAudioSeconds: heardSeconds += seconds });
    if (open && id !== undefined) turn.noteRequestId(id, "request");
    if (open && !speaking) end();
  }

  /** Noise ends, too: there is nothing to be settled. */
  function end(): void {
    open = false;
    if (!heard) return sinks.turn().clear();
    heard = false;
    sinks.turn().commit();
    sinks.turn().settle();
  }

  return readJsonFrames({
    sent(frame) {
      const sent = asObject(frame.audio);
      if (sent !== undefined) listenTo(sent);
    },
    received(frame) {
      const data = asObject(frame.data) ?? {};
      // at three places; one that holds JSON is none
      const id = asId(frame.request_id) ?? asId(data.request_id) ??
        asId(asObject(frame.metadata)?.request_id);
      firstId ??= id;
      whole.noteRequestId(id ?? "", "request");
      switch (frame.type) {
        case "events":
          return signal(data.signal_type);
        case "data":
          return hear(data, id ?? firstId);
        case "error":
          return sinks.fail({ type: asWord(data.code) ?? "error" });
      }
    },
  });
}
