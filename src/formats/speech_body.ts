/**
 * TTS over HTTP: text in the request, audio in the body, however the provider names things.
 *
 * @module
 */

import { audioShape, countCharacters, Speech } from "../speech.ts";
import type { CallRequest, CallResponse, Facts, HttpFormat, Reader, Sink } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { readBody } from "../wire/body.ts";
import { asCount, asObject, asText, asWord, type JsonObject, parseJson } from "../wire/json.ts";

/** Where a provider has what. Each is given the request; the body is an empty object where it is not at hand. */
export interface SpeechBody {
  /** The text that is spoken. */
  readonly text: (body: JsonObject, request: CallRequest) => string | undefined;
  /** The model that is asked for. */
  readonly model?: ((body: JsonObject, request: CallRequest) => string | undefined) | undefined;
  /**
   * Whether the answer comes as a stream.
   *
   * @default true
   */
  readonly streamed?: boolean | ((body: JsonObject) => boolean) | undefined;
  /** An id that the client made and sent, by which the provider knows the call. */
  readonly sentId?: ((body: JsonObject, request: CallRequest) => string | undefined) | undefined;
  /** Whether the answer is lines of JSON, whatever its type says. */
  readonly jsonLines?: boolean | undefined;
  /** How the audio is coded, where the response's type does not say. */
  readonly shape?: ((body: JsonObject, request: CallRequest) => AudioShape) | undefined;
  /** What the response's headers say: characters as billed, for one. */
  readonly headers?: ((headers: CallResponse["headers"]) => Facts) | undefined;
  /** The base64 audio in a piece of JSON: an event, a line, or the whole answer. */
  readonly base64?: ((json: JsonObject) => string | undefined) | undefined;
  /** What else a piece of JSON says: ids, usage, the end, an error inside a 200. */
  readonly json?: ((json: JsonObject, speech: Speech) => void) | undefined;
}

/** A format of TTS over HTTP. */
export function speechBody(name: string, places: SpeechBody): HttpFormat {
  return {
    name,
    request(request) {
      const body = asObject(request.json) ?? {};
      const text = places.text(body, request);
      const { streamed = true } = places;
      return {
        operationName: "text_to_speech",
        requestModel: places.model?.(body, request),
        characters: text === undefined ? undefined : countCharacters(text),
        streamed: typeof streamed === "function" ? streamed(body) : streamed,
      };
    },
    words(request, content) {
      const text = places.text(asObject(request.json) ?? {}, request);
      if (text !== undefined) content.speech(text);
    },
    read: (response, sink, request) => readSpeech(places, response, sink, request),
  };
}

function readSpeech(
  { base64, headers, json, jsonLines, sentId, shape }: SpeechBody,
  response: CallResponse,
  sink: Sink,
  request: CallRequest | undefined,
): Reader {
  if (headers) sink.note(headers(response.headers));
  const sent = sentId && request && sentId(asObject(request.json) ?? {}, request);
  if (sent) sink.noteRequestId(sent, "echoed");
  const asked = shape && request ? shape(asObject(request.json) ?? {}, request) : {};
  const type = response.headers.get("content-type") ?? "";
  const refused = response.status >= 400;
  const speech = new Speech(sink, {
    ...asked,
    // audio/basic is said of raw audio of any kind
    ...definite(audioShape(/^audio\/(?!basic)/.test(type) ? type : undefined)),
  });
  const takeJson = (data: Uint8Array): void => {
    const value = asObject(parseJson(data));
    if (value === undefined) return isDone(data) ? sink.complete() : sink.unread();
    if (refused) return failOn(sink, value);
    speech.base64(base64?.(value));
    json?.(value, speech);
  };
  if (!refused && isAudio(type)) {
    return { push: (chunk) => speech.audio(chunk), end() {} };
  }
  return readBody(response, {
    jsonLines,
    onEvent: takeJson,
    onDocument: takeJson,
    onElement: takeJson,
    onOverflow: () => sink.unread(),
    onPassOver: (bytes) => sink.passOver(bytes),
  });
}

/** Error bodies come in many shapes; a short word for type or code is all that is taken of them. */
function failOn(sink: Sink, body: JsonObject): void {
  const fault = asObject(asObject(body.fault)?.detail); // of the gateway that some stand behind
  const error = asObject(body.error) ?? asObject(body.detail) ?? asObject(body.base_resp) ?? fault ?? body;
  sink.noteRequestId(asText(body.request_id) ?? asText(error.request_id) ?? "", "request");
  sink.noteRequestId(asText(body.trace_id) ?? asText(error.trace_id) ?? "", "trace");
  sink.fail({
    type: asWord(error.type) ?? asWord(error.status) ?? asWord(error.category) ?? "error",
    code: asWord(
      error.code ?? error.error_code ?? error.err_code ?? error.errorcode ?? asCount(error.status_code),
    ),
  });
}

/** `[DONE]` ends a stream of events at OpenAI and those who copied it. */
function isDone(data: Uint8Array): boolean {
  return new TextDecoder().decode(data.subarray(0, 8)).trim() === "[DONE]";
}

function isAudio(type: string): boolean {
  return /^(audio\/|application\/octet-stream)/i.test(type);
}

function definite(shape: AudioShape): Partial<AudioShape> {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined));
}
