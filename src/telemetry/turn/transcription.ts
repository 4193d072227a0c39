/**
 * What was recognized of one turn of the user: when, how surely, and where it is wanted in which words.
 *
 * @module
 */

import type { Attributes } from "@opentelemetry/api";
import * as attr from "../../semconv_attributes.ts";
import type { Transcript } from "../../types.ts";
import { HeardText } from "./heard_text.ts";
import type { SuspendedTurn } from "../session/suspended.ts";

/** None was said. */
const NONE: SuspendedTurn["confidences"] = { count: 0, sum: 0 };

/** The transcripts of one turn. Times are milliseconds since the Unix epoch. */
export class Transcription {
  #words: HeardText | undefined;
  #firstAt: number | undefined;
  #finalAt: number | undefined;
  #confidences = NONE;
  #language: string | undefined;

  /** Nothing recognized yet, or what was before. */
  constructor(before?: SuspendedTurn) {
    this.#firstAt = before?.marks.firstTranscriptAt;
    this.#finalAt = before?.marks.finalAt;
    if (before !== undefined) this.#confidences = before.confidences;
  }

  /** When the first one came. */
  get firstAt(): number | undefined {
    return this.#firstAt;
  }

  /** When the last one came that will not change any more. */
  get finalAt(): number | undefined {
    return this.#finalAt;
  }

  /** What the final ones say of how sure the provider is. */
  get confidences(): SuspendedTurn["confidences"] {
    return this.#confidences;
  }

  /** The words. */
  get text(): string | undefined {
    return this.#words?.text;
  }

  /** One came. */
  add(transcript: Transcript, now: number): void {
    const { final, confidence, language } = transcript;
    (this.#words ??= new HeardText()).add(transcript);
    this.#firstAt ??= now;
    if (language !== undefined) this.#language = language;
    if (!final) return;
    this.#finalAt = now;
    if (confidence === undefined) return;
    const { count, sum } = this.#confidences;
    this.#confidences = { count: count + 1, sum: sum + confidence };
  }

  /** What the turn's span and the event on its recognition say. */
  attributes(): Attributes {
    const { count, sum } = this.#confidences;
    return {
      [attr.transcriptConfidence]: count > 0 ? sum / count : undefined,
      [attr.language]: this.#language,
    };
  }
}
