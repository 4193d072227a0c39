/**
 * Azure's STT socket: messages with header lines, turns that the client names, each of one phrase or of many.
 *
 * @see {@link https://github.com/microsoft/cognitive-services-speech-sdk-js}
 * @module
 */

import { asId, noteConnectionId, SentAudio } from "../hearing.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import { azureJson, readAzureMessage } from "../wire/azure_frames.ts";
import { asCount, asList, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";

/** Units of 100 ns. */
const TICKS_PER_SECOND = 1e7;

/** Phrases in which nothing was said: silence, noise, the end. Others are errors. */
const NOTHING_SAID: ReadonlySet<unknown> = new Set([
  "NoMatch",
  "InitialSilenceTimeout",
  "BabbleTimeout",
  "EndOfDictation",
]);

/** The socket format. */
export function azureSpeechListen(): SocketFormat {
  return { name: "azure_speech_listen", readsBlobs: true, open };
}

function open({ url: { searchParams }, headers }: SocketRequest, sinks: SocketSinks): SocketReader {
  const whole = sinks.whole();
  // the first audio is the header of a WAV file, which says the rest
  const audio = new SentAudio(sinks, {});
  const turn = new AzureTurn(audio);
  /** Whether the phrase is over that a sign of its end would end. */
  let over = true;
  whole.note({
    operationName: "speech_to_text",
    requestModel: asText(searchParams.get("cid")),
    language: asText(searchParams.get("language")),
    streamed: true,
  });
  const connectionId = searchParams.get("X-ConnectionId") ?? headers.get("x-connectionid");
  noteConnectionId(sinks, connectionId, "session");

  function noteId(id: string): void {
    sinks.turn().noteRequestId(id, "echoed");
    whole.noteRequestId(id, "echoed");
  }

  function hear(json: JsonObject, final: boolean): void {
    over = false;
    whole.output("text");
    const [best] = asList(json.NBest);
    sinks.turn().transcript({
      text: asText(json.DisplayText) ?? asText(json.Text) ?? asText(asObject(best)?.Display),
      final,
      confidence: asCount(asObject(best)?.Confidence),
      language: asText(asObject(json.PrimaryLanguage)?.Language),
      startSeconds: turn.momentOf(json.Offset),
      endSeconds: turn.momentOf(json.Offset, json.Duration),
    });
  }

  function endPhrase(json: JsonObject, id: string): void {
    const { RecognitionStatus: status } = json;
    if (status !== "Success" && !NOTHING_SAID.has(status)) whole.fail({ type: asWord(status) ?? "error" });
    const said = status === "Success" && asText(json.DisplayText ?? asObject(asList(json.NBest)[0])?.Display);
    if (said) {
      hear(json, true);
      noteId(id);
      sinks.turn().commit();
      sinks.turn().settle();
    } else if (!over) {
      sinks.turn().clear();
    }
    over = true;
  }

  return {
    sent(frame) {
      const message = readAzureMessage(frame);
      if (message.path === "speech.context") whole.noteRequestId(message.requestId, "echoed");
      if (message.path !== "audio") return;
      turn.sending(message.requestId);
      audio.bytes(message.bytes);
    },
    received(frame) {
      const message = readAzureMessage(frame);
      const json = azureJson(message) ?? {};
      switch (message.path) {
        case "turn.start":
          whole.noteRequestId(message.requestId, "echoed");
          return whole.noteRequestId(asId(asObject(json.context)?.serviceTag) ?? "", "trace");
        case "speech.startdetected":
          over = false;
          sinks.turn().speechStarted({ audioSeconds: turn.momentOf(json.Offset) });
          return noteId(message.requestId);
        case "speech.hypothesis":
        case "speech.fragment":
          if (!asText(json.Text)) return;
          hear(json, false);
          return noteId(message.requestId);
        case "speech.enddetected": // often after the phrase
          return over ? undefined : sinks.turn().speechStopped({ audioSeconds: turn.momentOf(json.Offset) });
        case "speech.phrase":
          return endPhrase(json, message.requestId);
      }
    },
  };
}

/** Where Azure's turn is in the audio of the connection: its times are relative to its own. */
class AzureTurn {
  readonly #audio: SentAudio;
  #requestId = "";
  #beginSeconds = 0;

  constructor(audio: SentAudio) {
    this.#audio = audio;
  }

  /** Audio of that turn is about to be sent. */
  sending(requestId: string): void {
    if (requestId === this.#requestId) return;
    this.#requestId = requestId;
    this.#beginSeconds = this.#audio.seconds;
  }

  /** A moment that is given in ticks, in seconds of the connection's audio. */
  momentOf(ticks: unknown, more: unknown = 0): number | undefined {
    const [count, rest] = [asCount(ticks), asCount(more)];
    return count === undefined || rest === undefined
      ? undefined
      : this.#beginSeconds + (count + rest) / TICKS_PER_SECOND;
  }
}
