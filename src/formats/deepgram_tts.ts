/**
 * Deepgram's TTS sockets: segments (v1, Aura) or turns (v2, Flux) one after another, each closed by a flush. Text of
 * the next can be sent while the one before is still spoken; binary audio belongs to the oldest.
 *
 * @see {@link https://developers.deepgram.com/docs/flux-tts/server-messages}
 * @module
 */

import { audioShape, type Speech, SpeechContexts } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asCount, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The socket format. */
export function deepgramTts(): SocketFormat {
  return { name: "deepgram_tts", open: openSegments };
}

function openSegments({ url }: SocketRequest, sinks: SocketSinks): SocketReader {
  const contexts = new SpeechContexts(sinks);
  const requestModel = url.searchParams.get("model") ?? undefined;
  const shape = shapeOf(url);
  let responseModel: string | undefined;
  /** Counts the segments; a key of ours, no id. */
  let segment = 0;
  let flushed = false;
  /** The turn that is spoken, in v2. */
  let turn: { readonly id: unknown; readonly speech: Speech | undefined } | undefined;
  /** Whether frames that come belong to what was cleared. */
  let clearing = false;
  let closing = false;
  const oldest = (): Speech | undefined => clearing ? undefined : contexts.oldest();

  function speak(text: string): void {
    if (flushed) segment++;
    flushed = false;
    // blanks alone begin no segment
    const speech = text.trim() === ""
      ? contexts.find(String(segment))
      : contexts.begin(String(segment), shape);
    speech?.sink.note({ operationName: "text_to_speech", requestModel, responseModel, streamed: true });
    speech?.text(text);
  }

  return readJsonFrames({
    sent(frame) {
      switch (frame.type) {
        case "Speak":
          return speak(asText(frame.text) ?? "");
        case "Flush":
          flushed ||= contexts.find(String(segment)) !== undefined;
          return;
        case "Clear":
        case "Interrupt": {
          const open = contexts.all();
          clearing ||= open.length > 0;
          for (const { sink } of open) sink.cancel();
          return;
        }
        case "Close":
          closing = true;
      }
    },
    received(frame) {
      switch (frame.type) {
        case "Metadata":
        case "Connected":
          responseModel = asText(frame.model_name);
          contexts.noteConnectionId(asText(frame.request_id) ?? "", "request");
          for (const { sink } of contexts.all()) sink.note({ responseModel });
          return;
        case "SpeechStarted":
          turn = { id: frame.speech_id, speech: oldest() };
          return turn.speech?.sink.noteRequestId(asText(frame.speech_id) ?? "", "response");
        case "Flushed":
          // that of v2 names the turn, and only says that the flush was received
          if (frame.speech_id === undefined) oldest()?.sink.complete();
          return;
        case "SpeechMetadata":
          return end(turn?.id === frame.speech_id ? turn?.speech : oldest(), frame);
        case "Cleared":
        case "SpeechInterrupted":
          clearing = false;
          return;
        case "Warning":
          if (frame.code === "SYNTHESIS_RETRYING") return;
          // an interruption of nothing, or a flush too many, whose text waits for the next
          clearing = false;
          flushed = false;
          return;
        case "Error":
          for (const speech of contexts.all()) {
            speech.fail({ type: asWord(frame.code) ?? asWord(frame.err_code) ?? "error" });
          }
      }
    },
    binary: (bytes) => oldest()?.audio(bytes),
    blob: (size) => oldest()?.blob(size),
    closed(code) {
      // asked to close, the provider first speaks what it has
      if (closing && code === 1000) { for (const { sink } of contexts.all()) sink.complete(); }
    },
  });
}

/** The end of a turn, with the provider's own figures. */
function end(speech: Speech | undefined, frame: JsonObject): void {
  const milliseconds = asCount(frame.audio_duration_ms);
  speech?.sink.note({
    characters: asCount(frame.billable_character_count) ?? asCount(frame.input_character_count),
    audioSeconds: milliseconds === undefined ? undefined : milliseconds / 1000,
  });
  speech?.sink.complete();
}

/** What the query asks for; audio comes without a container. */
function shapeOf({ searchParams }: URL): AudioShape {
  const encoding = searchParams.get("encoding") ?? "linear16";
  const rate = Number(searchParams.get("sample_rate")) || (encoding === "linear16" ? 24_000 : 8_000);
  return audioShape(encoding, rate);
}
