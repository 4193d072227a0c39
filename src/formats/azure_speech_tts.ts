/**
 * Azure's TTS socket: messages with header lines, turns that the client names.
 *
 * @see {@link https://github.com/microsoft/cognitive-services-speech-sdk-js}
 * @module
 */

import { audioShape, type Speech, SpeechContexts, ssmlText } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { azureJson, type AzureMessage, readAzureMessage } from "../wire/azure_frames.ts";
import { asObject, asText, type JsonObject } from "../wire/json.ts";

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
      const message = readAzureMessage(frame);
      const { path, requestId, text } = message;
      switch (path) {
        case "synthesis.context":
          shape = contextShape(azureJson(message));
          return;
        case "ssml":
          return speak(requestId, ssmlText(text));
        case "text.piece":
          return speak(requestId, text);
        case "synthesis.control":
          if (azureJson(message)?.action === "stop") contexts.find(requestId.toLowerCase())?.sink.cancel();
      }
    },
    received(frame) {
      const message = readAzureMessage(frame);
      const speech = contexts.find(message.requestId.toLowerCase());
      if (speech !== undefined) receive(speech, message);
    },
  };
}

function receive(speech: Speech, message: AzureMessage): void {
  switch (message.path) {
    case "turn.start": {
      const tag = asText(asObject(azureJson(message)?.context)?.serviceTag);
      return speech.sink.noteRequestId(tag ?? "", "trace");
    }
    case "audio":
      return speech.audio(message.bytes);
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
