/**
 * The user's turns on OpenAI's realtime sockets: each is an item, whose id every event about it has.
 *
 * @see {@link https://platform.openai.com/docs/api-reference/realtime-server-events}
 * @module
 */

import type { SocketSinks } from "../types.ts";
import { asCount, asList, asObject, asText, asWord, type JsonObject } from "./json.ts";

/** How a host tells of turns. */
export interface ItemTurnsOptions {
  /**
   * Whether its times of speech are those of the audio that the model gets: with the padding before speech and the
   * silence after it that the session's detection has.
   */
  readonly paddedSpeech?: boolean | undefined;
}

/** What events about a transcript begin with. */
export const TRANSCRIPTION = "conversation.item.input_audio_transcription.";

/** Tells sinks of the user's turns. */
export class ItemTurns {
  readonly #sinks: Pick<SocketSinks, "turn">;
  readonly #options: ItemTurnsOptions;
  /** Milliseconds of audio around speech that count as speech. */
  #padding = { before: 0, after: 0 };
  /** Whether transcripts come at all, as far as the session says so. */
  #transcribes: boolean | undefined;
  /** The model that transcribes, as far as the session says so. */
  transcriber: string | undefined;
  /** The item that is being spoken. */
  #speaking: string | undefined;
  /** The item of silence that waiting too long made: nobody's turn. */
  #silent: string | undefined;

  /** Turns for `sinks`. */
  constructor(sinks: Pick<SocketSinks, "turn">, options: ItemTurnsOptions = {}) {
    this.#sinks = sinks;
    this.#options = options;
  }

  /** The session is like that, says the provider. */
  configure(session: JsonObject): void {
    const input = asObject(asObject(session.audio)?.input) ?? {};
    const transcription = input.transcription !== undefined
      ? input.transcription
      : session.input_audio_transcription;
    if (transcription !== undefined) {
      this.#transcribes = transcription !== null;
      this.transcriber = asText(asObject(transcription)?.model);
    }
    const detection = asObject(input.turn_detection ?? session.turn_detection);
    const padded = this.#options.paddedSpeech === true && detection?.type === "server_vad";
    this.#padding = {
      before: padded ? asCount(detection.prefix_padding_ms) ?? 0 : 0,
      after: padded ? asCount(detection.silence_duration_ms) ?? 0 : 0,
    };
  }

  /** An event came; those of other things are passed over. */
  take(event: JsonObject): void {
    const type = asText(event.type) ?? "";
    // a piece of transcript may come without
    const item = asWord(event.item_id) ?? this.#speaking;
    if (type === "input_audio_buffer.cleared") return this.#clear();
    if (item === undefined || item === this.#silent) return;
    if (type.startsWith(TRANSCRIPTION)) return this.#hear(item, type.slice(TRANSCRIPTION.length), event);
    const turn = this.#sinks.turn(item);
    switch (type) {
      case "input_audio_buffer.speech_started":
        this.#speaking = item;
        turn.speechStarted({ audioSeconds: secondsAt(event.audio_start_ms, this.#padding.before) });
        return turn.noteRequestId(item, "response");
      case "input_audio_buffer.speech_stopped":
        return turn.speechStopped({ audioSeconds: secondsAt(event.audio_end_ms, -this.#padding.after) });
      case "input_audio_buffer.committed":
        if (item === this.#speaking) this.#speaking = undefined;
        turn.commit();
        turn.noteRequestId(item, "response");
        if (this.#transcribes === false) turn.settle();
        return;
      case "input_audio_buffer.timeout_triggered":
        this.#silent = item;
    }
  }

  /** A transcript, or a part of one; the last may come long after the turn, and after the next turn's. */
  #hear(item: string, part: string, event: JsonObject): void {
    const turn = this.#sinks.turn(item);
    // xAI's completes a part of the turn with it
    const final = part === "completed" && event.status !== "in_progress";
    if ((asText(event.transcript) ?? asText(event.delta))?.trim()) {
      const languages = asList(event.languages).map((one) => asWord(asObject(one)?.code));
      // pieces come again when it is complete
      const text = asText(event.transcript);
      turn.transcript({
        text,
        extent: "turn",
        final,
        language: languages.length === 1 ? languages[0] : undefined,
      });
    }
    turn.noteRequestId(item, "response");
    if (final || part === "failed") turn.settle();
  }

  #clear(): void {
    if (this.#speaking !== undefined) this.#sinks.turn(this.#speaking).clear();
    this.#speaking = undefined;
  }
}

/** A moment of the audio without what surrounds speech there. */
function secondsAt(milliseconds: unknown, shift: number): number | undefined {
  const at = asCount(milliseconds);
  return at === undefined ? undefined : Math.max(0, at + shift) / 1000;
}
