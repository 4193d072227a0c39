/**
 * Gladia's live STT: a call that makes a session, and says how its audio will be; then a socket whose address the
 * answer has. What the call said is remembered for the socket, by that address.
 *
 * @see {@link https://docs.gladia.io/api-reference/v2/live/init}
 * @module
 */

import { asId, noteConnectionId, SentAudio } from "../hearing.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import { type AudioShape, PCM_OF_BITS } from "../wire/audio.ts";
import { asCount, asObject, asText, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** A session that was made. */
interface Session {
  readonly id: string | undefined;
  readonly model: string | undefined;
  readonly shape: AudioShape;
  /** How far Gladia has its audio: a socket to the same address goes on from there. */
  heardSeconds: number;
}

/** Sessions that are remembered; the oldest is forgotten. */
const MAX_SESSIONS = 64;

/** Sessions by the address of their socket. The address is a secret, and stays here. */
export class GladiaSessions {
  readonly #sessions = new Map<string, Session>();

  /** A session was made: asked for with `request`, answered with `answer`. */
  remember(request: JsonObject | undefined, answer: JsonObject): void {
    const url = asText(answer.url);
    if (url === undefined || !URL.canParse(url)) return;
    if (this.#sessions.size === MAX_SESSIONS) this.#sessions.delete(this.#sessions.keys().next().value!);
    this.#sessions.set(new URL(url).href, {
      id: asId(answer.id),
      model: asText(request?.model),
      shape: shapeOf(request ?? {}),
      heardSeconds: 0,
    });
  }

  /** The session whose socket has that address; where the call was made elsewhere, one of which nothing is known. */
  find(url: URL): Session {
    return this.#sessions.get(url.href) ?? { id: undefined, model: undefined, shape: {}, heardSeconds: 0 };
  }
}

/** The socket format, for the sessions that a row remembers. */
export function gladiaLive(sessions: GladiaSessions): SocketFormat {
  return { name: "gladia_live", open: ({ url }: SocketRequest, sinks) => open(sessions.find(url), sinks) };
}

function open(session: Session, sinks: SocketSinks): SocketReader {
  const whole = sinks.whole();
  const audio = new SentAudio(sinks, session.shape);
  const beginSeconds = session.heardSeconds;
  /** Whether the utterance is over that the next final transcript would end. */
  let over = true;
  whole.note({ operationName: "speech_to_text", requestModel: session.model, streamed: true });
  noteConnectionId(sinks, session.id, "session");

  /** Its times are those of the session; here those of the connection are wanted. */
  function momentOf(seconds: unknown): number | undefined {
    const count = asCount(seconds);
    return count === undefined || count < beginSeconds ? undefined : count - beginSeconds;
  }

  function hear(data: JsonObject): void {
    const utterance = asObject(data.utterance);
    if (!asText(utterance?.text)) return;
    const final = data.is_final === true;
    over = final;
    whole.output("text");
    sinks.turn().transcript({
      text: asText(utterance?.text),
      final,
      confidence: final ? asCount(utterance?.confidence) : undefined,
      language: asText(utterance?.language),
      startSeconds: momentOf(utterance?.start),
      endSeconds: momentOf(utterance?.end),
    });
    if (!final) return;
    sinks.turn().commit();
    sinks.turn().settle();
  }

  return readJsonFrames({
    sent(frame) {
      if (frame.type === "audio_chunk") audio.base64(asText(asObject(frame.data)?.chunk));
    },
    audio,
    received(frame) {
      const data = asObject(frame.data) ?? {};
      noteConnectionId(sinks, frame.session_id, "session");
      switch (frame.type) {
        case "audio_chunk": {
          const [, end] = Array.isArray(data.time_range) ? data.time_range : [];
          session.heardSeconds = asCount(end) ?? session.heardSeconds;
          return;
        }
        case "speech_start":
          over = false;
          return sinks.turn().speechStarted({ audioSeconds: momentOf(data.time) });
        case "speech_end": // often after the transcript that ended it
          return over ? undefined : sinks.turn().speechStopped({ audioSeconds: momentOf(data.time) });
        case "transcript":
          return hear(data);
        case "end_recording":
          return whole.note({ sentAudioSeconds: momentOf(data.recording_duration) });
        case "post_final_transcript": {
          const metadata = asObject(data.metadata);
          return whole.note({
            sentAudioSeconds: momentOf(metadata?.audio_duration),
            billedSeconds: asCount(metadata?.billing_time),
          });
        }
        case "end_session":
          return whole.complete();
        case "error":
          return whole.fail({ type: "error" });
      }
    },
  });
}

/** `wav/pcm` with 16 bit at 16 kHz unless said otherwise. */
function shapeOf({ encoding, bit_depth, sample_rate, channels }: JsonObject): AudioShape {
  const coded = encoding === "wav/alaw" ? "alaw" : encoding === "wav/ulaw" ? "mulaw" : undefined;
  return {
    // samples of a byte, which have no name of their own
    encoding: coded ?? (bit_depth === 8 ? "mulaw" : PCM_OF_BITS[asCount(bit_depth) ?? 16]),
    sampleRate: asCount(sample_rate) ?? 16_000,
    channels: asCount(channels) ?? 1,
  };
}
