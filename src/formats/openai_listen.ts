/**
 * OpenAI's STT socket, a realtime session that only transcribes: items, each a turn of the user, whose transcripts
 * may come in another order. Both the names of today and those of the beta.
 *
 * @see {@link https://platform.openai.com/docs/guides/realtime-transcription}
 * @module
 */

import { asId, noteConnectionId, SentAudio } from "../hearing.ts";
import { audioShape } from "../speech.ts";
import type { Facts, SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { addUsage } from "../wire/counts.ts";
import { asCount, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";
import { ItemTurns, TRANSCRIPTION } from "../wire/openai_turns.ts";
import { countSpeechUsage } from "../wire/speech_usage.ts";

/** Events about an item that is a turn, beside those of its transcript. */
const NAMED: ReadonlySet<string> = new Set([
  "input_audio_buffer.committed",
  "input_audio_buffer.speech_started",
]);

/** The socket format. */
export function openaiListen(): SocketFormat {
  return { name: "openai_listen", open };
}

function open({ url }: SocketRequest, sinks: SocketSinks): SocketReader {
  const whole = sinks.whole();
  let audio = new SentAudio(sinks, { encoding: "pcm_s16", sampleRate: 24_000 });
  /** What all transcripts came to. */
  let usage: Facts = {};
  const turns = new ItemTurns(sinks, { paddedSpeech: true });
  whole.note({
    operationName: "speech_to_text",
    requestModel: asText(url.searchParams.get("model")),
    streamed: true,
  });

  function configure(session: JsonObject | undefined): void {
    const input = asObject(asObject(session?.audio)?.input);
    const shape = shapeOf(input?.format ?? session?.input_audio_format);
    if (shape !== undefined) audio = new SentAudio(sinks, shape);
    const transcription = asObject(input?.transcription ?? session?.input_audio_transcription);
    whole.note({ requestModel: asText(transcription?.model), language: asText(transcription?.language) });
  }

  function hear(event: string, frame: JsonObject): void {
    if (asText(frame.delta) ?? asText(frame.transcript)) whole.output("text");
    if (event === "completed") {
      usage = addUsage(usage, countSpeechUsage(asObject(frame.usage)));
      whole.note(usage);
    }
    if (event === "failed") whole.fail(failureOf(asObject(frame.error)));
  }

  return readJsonFrames({
    sent(frame) {
      if (frame.type === "input_audio_buffer.append") audio.base64(asText(frame.audio));
      else if (asText(frame.type)?.endsWith("session.update")) configure(asObject(frame.session));
    },
    received(frame) {
      const type = asText(frame.type) ?? "";
      if (/^(transcription_)?session\.(created|updated)$/.test(type)) {
        const session = asObject(frame.session) ?? {};
        noteConnectionId(sinks, session.id, "session");
        turns.configure(session);
        return configure(session);
      }
      // an item is no part of it, and the session goes on
      if (type === "error") return whole.fail(failureOf(asObject(frame.error)));
      turns.take(frame);
      const transcribed = type.startsWith(TRANSCRIPTION);
      if (transcribed) hear(type.slice(TRANSCRIPTION.length), frame);
      if (transcribed || NAMED.has(type)) whole.noteRequestId(asId(frame.item_id) ?? "", "response");
    },
  });
}

/** `{type: "audio/pcm", rate}`, `{type: "audio/pcmu"}`; in the beta `pcm16`, `g711_ulaw`. Telephony is at 8 kHz. */
function shapeOf(format: unknown): AudioShape | undefined {
  const object = asObject(format);
  const word = asText(object?.type) ?? asText(format);
  if (word === undefined) return undefined;
  return audioShape(word, asCount(object?.rate) ?? (/pcm(16)?$/.test(word) ? 24_000 : 8000));
}

function failureOf(error: JsonObject | undefined): { type: string; code: string | undefined } {
  return { type: asWord(error?.type) ?? "error", code: asWord(error?.code) };
}
