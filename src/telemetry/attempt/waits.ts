/**
 * What the user waited for in an attempt: from their speech, where that is known.
 *
 * @module
 */

import type { Operation } from "../../types.ts";
import type { SpeechTime } from "../turn/turn_clock.ts";
import type { AttemptStart, AttemptState, FirstAudio, FirstTranscript } from "./attempt_state.ts";
import { rounded } from "./attributes.ts";

/** What came when. Times are milliseconds since the Unix epoch. */
export interface AttemptTimes extends Pick<AttemptState, "firstOutputSeconds"> {
  /** What the attempt does. */
  readonly operation: Operation;
  /** When it began. */
  readonly startedAt: number;
  /** When the first audio was sent to be heard. */
  readonly firstAudioSentAt: number | undefined;
}

/** The waits of an attempt that ends. */
export function waitsOf(
  { speechStart, speechEnd }: AttemptStart,
  times: AttemptTimes,
): Pick<AttemptState, "firstTranscript" | "firstAudio"> {
  return {
    firstTranscript: times.operation === "stt" ? firstTranscript(speechStart?.(), times) : undefined,
    firstAudio: times.operation === "realtime" ? firstAudio(speechEnd, times) : undefined,
  };
}

/** From the start of speech, or else the first audio that was sent, to the first transcript. */
function firstTranscript(
  speechStart: SpeechTime | undefined,
  { startedAt, firstOutputSeconds: { text }, firstAudioSentAt }: AttemptTimes,
): FirstTranscript | undefined {
  if (text === undefined) return undefined;
  const at = startedAt + text * 1000;
  const audio = firstAudioSentAt === undefined
    ? undefined
    : { at: firstAudioSentAt, source: "audio" } as const;
  // what began after its transcript is other speech
  const from = [speechStart, audio].find((one) => one !== undefined && one.at <= at);
  return from && { seconds: rounded((at - from.at) / 1000), source: from.source };
}

/** From the end of speech, or else the beginning of the response, to its first audio. */
function firstAudio(
  speechEnd: SpeechTime | undefined,
  { startedAt, firstOutputSeconds: { audio: seconds } }: AttemptTimes,
): FirstAudio | undefined {
  if (seconds === undefined) return undefined;
  const waited = speechEnd && seconds + (startedAt - speechEnd.at) / 1000;
  // who answers before the end of speech was asked by something else
  return waited === undefined || waited < 0
    ? { seconds, source: "response" }
    : { seconds: waited, source: speechEnd!.source };
}
