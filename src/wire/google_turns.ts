/**
 * The user's turns on Gemini's Live socket. They have no names, and their transcripts come in no order with the rest.
 *
 * @module
 */

import type { SocketSinks } from "../types.ts";
import { durationSeconds } from "./google.ts";
import { asObject, asText, type JsonObject } from "./json.ts";

/** Tells sinks of the user's turns. */
export class HeardTurns {
  /** Whether transcripts of what is heard come: the setup asks for them, where it was seen. */
  transcribes = true;
  readonly #sinks: Pick<SocketSinks, "turn">;
  /** Whether anything was heard since the last turn was over. */
  #heard = false;
  /** Whether a transcript of the turn that was heard last came. */
  #transcribed = false;
  /** Whether a turn is over and waits for the model's to be so. */
  #waits = false;

  /** Turns for `sinks`. */
  constructor(sinks: Pick<SocketSinks, "turn">) {
    this.#sinks = sinks;
  }

  /** The user began to speak, in the audio sent or now. */
  started(audioSeconds?: number): void {
    this.answered();
    this.#begin();
    this.#sinks.turn().speechStarted(audioSeconds === undefined ? undefined : { audioSeconds });
  }

  /** The user stopped speaking, in the audio sent or now. */
  stopped(audioSeconds?: number): void {
    if (!this.#heard) return;
    this.#sinks.turn().speechStopped(audioSeconds === undefined ? undefined : { audioSeconds });
  }

  /** Signals of voice that came with a frame. */
  takeSignals({ voiceActivity, voiceActivityDetectionSignal }: JsonObject): void {
    const activity = asObject(voiceActivity);
    const signal = asObject(voiceActivityDetectionSignal)?.vadSignalType;
    const at = durationSeconds(activity?.audioOffset);
    if (activity?.voiceActivityType === "ACTIVITY_START") this.started(at);
    else if (activity?.voiceActivityType === "ACTIVITY_END") this.stopped(at);
    if (signal === "VAD_SIGNAL_TYPE_SOS") this.started();
    else if (signal === "VAD_SIGNAL_TYPE_EOS") this.stopped();
  }

  /** Transcripts that came with the server's content. One piece does not replace another. */
  hear({ inputTranscription, interimInputTranscription }: JsonObject): void {
    const interim = asText(asObject(interimInputTranscription)?.text);
    const text = asText(asObject(inputTranscription)?.text);
    if (interim?.trim()) this.#transcript(interim, false);
    if (text?.trim()) this.#transcript(text, true);
  }

  /** The model answers, or is asked to: the turn is over. */
  over(): void {
    if (!this.#heard) return;
    this.#heard = false;
    this.#sinks.turn().commit();
    if (this.transcribes) this.#waits = true;
    else this.#sinks.turn().settle();
  }

  /** The model's turn is over, too: what comes now is of another. */
  answered(): void {
    if (!this.#waits) return;
    this.#waits = false;
    this.#sinks.turn().settle();
  }

  /** While the model answers, a piece is of the turn before: it counts where it is the first. */
  #transcript(text: string, final: boolean): void {
    if (this.#waits && (this.#transcribed || !final)) return;
    if (!this.#waits) this.#begin();
    this.#transcribed = true;
    this.#sinks.turn().transcript({ text, extent: "tokens", final });
  }

  #begin(): void {
    if (!this.#heard) this.#transcribed = false;
    this.#heard = true;
  }
}
