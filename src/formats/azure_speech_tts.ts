/**
 * Azure's TTS socket: messages with header lines, turns that the client names.
 *
 * Text frame: lines of `Name: value`, a blank line, the body. Binary frame: u16 big endian length of the header, the
 * header's lines, the body.
 *
 * @see {@link https://github.com/microsoft/cognitive-services-speech-sdk-js}
 * @module
 */

import { audioShape, type Speech, SpeechContexts, ssmlText } from "../speech.ts";
import type { Frame, SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asObject, asText, type JsonObject, parseJsonText } from "../wire/json.ts";

/** A message: what it is, which turn it is of, its body. */
interface Message {
  readonly path: string;
  readonly requestId: string;
  readonly text: string;
  readonly bytes: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);
const NO_MESSAGE: Message = { path: "", requestId: "", text: "", bytes: NO_BYTES };
const decoder = new TextDecoder();

/** The socket format. */
export function azureSpeechTts(): SocketFormat {
  return { name: "azure_speech_tts", open: openTurns };
}

function openTurns({ url }: SocketRequest, sinks: SocketSinks): SocketReader {
  const contexts = new SpeechContexts(sinks);
  let shape: AudioShape = {};
  contexts.noteConnectionId(url.searchParams.get("X-ConnectionId") ?? "", "session");

  function speak(id: string, text: string): void {
    // blanks alone begin no turn
    const key = id.toLowerCase();
    const speech = text.trim() === "" ? contexts.find(key) : contexts.begin(key, shape);
    speech?.sink.noteRequestId(id, "echoed");
    speech?.sink.note({ operationName: "text_to_speech", streamed: true });
    speech?.text(text);
  }

  return {
    sent(frame) {
      const { path, requestId, text } = messageOf(frame);
      switch (path) {
        case "synthesis.context":
          shape = contextShape(jsonOf(text));
          return;
        case "ssml":
          return speak(requestId, ssmlText(text));
        case "text.piece":
          return speak(requestId, text);
        case "synthesis.control":
          if (jsonOf(text)?.action === "stop") contexts.find(requestId.toLowerCase())?.sink.cancel();
      }
    },
    received(frame) {
      const { path, requestId, text, bytes } = messageOf(frame);
      const speech = contexts.find(requestId.toLowerCase());
      if (speech !== undefined) receive(speech, path, text, bytes);
    },
  };
}

function receive(speech: Speech, path: string, text: string, bytes: Uint8Array): void {
  switch (path) {
    case "turn.start": {
      const tag = asText(asObject(jsonOf(text)?.context)?.serviceTag);
      return speech.sink.noteRequestId(tag ?? "", "trace");
    }
    case "audio":
      return speech.audio(bytes);
    case "turn.end":
      return speech.sink.complete();
  }
}

/** `{"synthesis": {"audio": {"outputFormat": …}}}` */
function contextShape(context: JsonObject | undefined): AudioShape {
  const audio = asObject(asObject(context?.synthesis)?.audio);
  return azureSpeechShape(asText(audio?.outputFormat));
}

/** The shape of `raw-24khz-16bit-mono-pcm`, `raw-8khz-8bit-mono-mulaw`, …; containers are told from their bytes. */
export function azureSpeechShape(format: string | undefined): AudioShape {
  const [, rate, kilo, encoding] = /^raw-(\d+)(k?)hz-.*-(pcm|mulaw|alaw)$/.exec(format ?? "") ?? [];
  return encoding === undefined ? {} : audioShape(encoding, Number(rate) * (kilo ? 1000 : 1));
}

function messageOf(frame: Frame): Message {
  if (typeof frame === "string") {
    const end = frame.indexOf("\r\n\r\n");
    return { ...readHeader(frame.slice(0, Math.max(0, end))), text: frame.slice(end + 4), bytes: NO_BYTES };
  }
  if (!(frame instanceof Uint8Array) || frame.length < 2) return NO_MESSAGE;
  const end = 2 + (frame[0]! << 8 | frame[1]!);
  return { ...readHeader(decoder.decode(frame.subarray(2, end))), text: "", bytes: frame.subarray(end) };
}

/** Names of headers are written in any case. */
function readHeader(header: string): Pick<Message, "path" | "requestId"> {
  const valueOf = (name: string): string =>
    new RegExp(`^${name}:(.*)$`, "im").exec(header)?.[1]?.trim() ?? "";
  return { path: valueOf("path").toLowerCase(), requestId: valueOf("x-requestid") };
}

function jsonOf(text: string): JsonObject | undefined {
  return asObject(parseJsonText(text));
}
