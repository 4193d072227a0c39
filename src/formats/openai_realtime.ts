/**
 * OpenAI's Realtime socket, and those that speak it: an attempt for each response, by its id.
 *
 * @see {@link https://platform.openai.com/docs/api-reference/realtime-server-events}
 * @module
 */

import { asId, noteConnectionId, SentAudio } from "../hearing.ts";
import { Notes } from "../notes.ts";
import { audioShape, Speech } from "../speech.ts";
import type { Facts, Failure, OutputKind, Sink, SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asCount, asList, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";
import { countRealtimeTokens } from "../wire/openai.ts";
import { Asking, remember } from "../wire/openai_asking.ts";
import { ItemTurns, type ItemTurnsOptions, TRANSCRIPTION } from "../wire/openai_turns.ts";
import { countSpeechUsage } from "../wire/speech_usage.ts";

/** Where a host departs from others. */
export interface RealtimeQuirks extends ItemTurnsOptions {
  /** The time of the connection is billed. */
  readonly billedByTime?: boolean | undefined;
}

/** Events that bring a piece of output; without `output_` they are those of the beta. */
const DELTAS: ReadonlyMap<unknown, OutputKind> = new Map([
  ["response.audio.delta", "audio"],
  ["response.audio_transcript.delta", "text"],
  ["response.function_call_arguments.delta", "tool"],
  ["response.output_audio.delta", "audio"],
  ["response.output_audio_transcript.delta", "text"],
  ["response.output_text.delta", "text"],
  ["response.text.delta", "text"],
]);

const PCM: AudioShape = { encoding: "pcm_s16", sampleRate: 24_000 };

/** Responses that are over are remembered, for pieces that come late; this many. */
const MAX_REMEMBERED = 32;

/** The key of a response that was refused and never had an id. */
const REFUSED = "refused response";

/** The socket format. */
export function openaiRealtime(quirks: RealtimeQuirks = {}): SocketFormat {
  return {
    name: "openai_realtime",
    open: ({ url }, sinks) => open(url, sinks, quirks),
  };
}

function open({ searchParams }: URL, sinks: SocketSinks, quirks: RealtimeQuirks): SocketReader {
  const turns = new ItemTurns(sinks, quirks);
  const model = asText(searchParams.get("model")) ?? asText(searchParams.get("deployment"));
  const responses = new Responses(sinks, model);
  sinks.noteModel(model);
  let audio = new SentAudio(sinks, PCM);
  if (quirks.billedByTime) sinks.billedByTime();

  function shapeAudio(session: JsonObject): void {
    const { input, output } = asObject(session.audio) ?? {};
    const rate = asCount(session.input_audio_sampling_rate);
    const heard = formatShape(asObject(input)?.format ?? session.input_audio_format, rate);
    if (heard !== undefined) audio = new SentAudio(sinks, heard);
    responses.shape = formatShape(asObject(output)?.format ?? session.output_audio_format) ?? responses.shape;
  }

  /** What the model used that transcribes beside the conversation. */
  function countTranscription(usage: JsonObject | undefined): void {
    if (usage === undefined) return;
    const facts = { operationName: "speech_to_text", requestModel: turns.transcriber };
    sinks.transcriptionUsed({ ...facts, ...countSpeechUsage(usage) });
  }

  return readJsonFrames({
    sent(frame) {
      if (frame.type === "input_audio_buffer.append") audio.base64(asText(frame.audio));
      else responses.asking.sent(frame);
      if (frame.type === "session.update") shapeAudio(asObject(frame.session) ?? {});
    },
    get audio() {
      return audio;
    },
    received(frame) {
      const type = asText(frame.type) ?? "";
      if (type === "error") return responses.failed(asObject(frame.error) ?? frame);
      responses.hasSession = true;
      if (type.startsWith("response.")) return responses.take(frame);
      switch (type) {
        case "session.created":
        case "session.updated": {
          const session = asObject(frame.session) ?? {};
          noteConnectionId(sinks, session.id, "session");
          responses.model = asText(session.model) ?? responses.model;
          shapeAudio(session);
          responses.asking.configure(session);
          return turns.configure(session);
        }
        case "conversation.created":
          return noteConnectionId(sinks, asObject(frame.conversation)?.id, "session");
        case "input_audio_buffer.speech_started":
          if (responses.current !== undefined) responses.current.spokenInto = true;
          return turns.take(frame);
        case `${TRANSCRIPTION}completed`:
          turns.take(frame);
          return countTranscription(asObject(frame.usage));
        default:
          turns.take(frame);
      }
    },
    binary: (bytes) => responses.current?.speech.audio(bytes),
    blob: (size) => responses.current?.speech.blob(size),
    closed: () => responses.closed(),
  });
}

interface Response {
  /** Whether the user began to speak in the meantime. */
  spokenInto: boolean;
  readonly sink: Sink;
  readonly speech: Speech;
  readonly notes: Notes;
}

/** The responses on one socket. */
class Responses {
  /** The shape of their audio. */
  shape: AudioShape = PCM;
  /** The one that began last, while it lasts: bytes are its audio. */
  current: Response | undefined;
  /** The model that the session has. */
  model: string | undefined;
  /** Whether the provider said anything but that it fails. */
  hasSession = false;
  /** What the caller asked for. */
  readonly asking: Asking;
  readonly #sinks: SocketSinks;
  readonly #requestModel: string | undefined;
  readonly #known = new WeakMap<Sink, Response>();
  readonly #over = new Set<string>();
  /** An error of the server's own while responses are open: the reason, if they do not end by themselves. */
  #trouble: Failure | undefined;

  constructor(sinks: SocketSinks, requestModel: string | undefined) {
    this.#sinks = sinks;
    this.#requestModel = requestModel;
    this.asking = new Asking(sinks.asked);
  }

  take(frame: JsonObject): void {
    const response = asObject(frame.response);
    const id = asId(response?.id) ?? asId(frame.response_id);
    // a piece that comes after the end begins nothing
    if (id === undefined || this.#over.has(id)) return;
    if (frame.type === "response.created") this.#create(id, response);
    else if (frame.type === "response.done") this.#end(id, response, asObject(frame.usage));
    else this.#takePiece(this.#find(id), frame);
  }

  /**
   * Most errors are about an event of the caller's and break nothing. One fails the connection when it comes before
   * the session or ends it, and a response when it is what came of asking for one.
   */
  failed(error: JsonObject): void {
    const failure = { type: asWord(error.type) ?? "error", code: asWord(error.code) };
    if (!this.hasSession || failure.code === "session_expired") return this.#sinks.fail(failure);
    if (this.asking.isRefused(error)) {
      const sink = this.#sinks.begin(REFUSED);
      sink.note(this.#request());
      sink.fail(failure);
      sink.complete();
    } else if (failure.type !== "invalid_request_error" && this.#sinks.all().length > 0) {
      this.#trouble = failure;
    }
  }

  closed(): void {
    const trouble = this.#trouble;
    if (trouble !== undefined) this.#sinks.all().forEach((sink) => sink.fail(trouble));
  }

  #create(id: string, response: JsonObject | undefined): void {
    this.asking.answered();
    const output = asObject(asObject(response?.audio)?.output);
    this.shape = formatShape(output?.format ?? response?.output_audio_format) ?? this.shape;
    this.#find(id);
  }

  #takePiece({ speech, notes }: Response, frame: JsonObject): void {
    const kind = DELTAS.get(frame.type);
    const delta = asText(frame.delta);
    if (kind === "audio") speech.base64(delta);
    else if (kind === "tool" && delta !== undefined) notes.toolArguments(asText(frame.item_id) ?? "", delta);
    else if (kind !== undefined && delta !== undefined) notes.output(kind, delta);
    takeCall(notes, asObject(frame.item));
  }

  /** It may be one whose beginning was not seen. */
  #end(id: string, response: JsonObject = {}, usage: JsonObject = {}): void {
    const seen = this.#sinks.find(id) !== undefined;
    const one = this.#find(id, seen);
    const { sink, notes } = one;
    for (const item of asList(response.output)) takeCall(notes, asObject(item));
    // xAI's stands beside the response
    const all = { ...asObject(response.usage), ...usage };
    notes.facts({
      ...countRealtimeTokens(all),
      audioSeconds: asCount(all.output_audio_seconds),
      billedSeconds: asCount(all.billable_audio_seconds),
    });
    const details = asObject(response.status_details);
    const status = asText(response.status);
    const reason = asText(details?.reason);
    notes.finish(reason ?? status);
    if (status === "failed") {
      const error = asObject(details?.error);
      sink.fail({ type: asWord(error?.type) ?? "failed", code: asWord(error?.code) });
    }
    if (status === "cancelled") {
      // who stops on behalf of a user that speaks, the provider or the caller, is a matter of taste
      if (reason === "turn_detected" || one.spokenInto) notes.facts({ interrupted: true });
      sink.cancel();
    } else sink.complete();
    if (this.current === one) this.current = undefined;
    this.#trouble = undefined;
    remember(this.#over, id, MAX_REMEMBERED);
  }

  /** The response with that id, begun with its first sign. */
  #find(id: string, seen = true): Response {
    const sink = this.#sinks.begin(id);
    const known = this.#known.get(sink);
    if (known !== undefined) return known;
    const response = {
      spokenInto: false,
      sink,
      speech: new Speech(sink, this.shape),
      notes: new Notes(sink),
    };
    this.#known.set(sink, response);
    this.current = response;
    this.#trouble = undefined;
    sink.noteRequestId(id, "response");
    sink.note({
      ...this.#request(),
      responseId: id,
      responseModel: this.model,
      // of one whose pieces were not seen no time to the first can be told
      streamed: seen || undefined,
    });
    return response;
  }

  #request(): Facts {
    return { operationName: "generate_content", requestModel: this.#requestModel };
  }
}

/** Calls that the application is to run; those of the host's own tools are none. Arguments come in pieces before. */
function takeCall(notes: Notes, item: JsonObject | undefined): void {
  if (item?.type !== "function_call") return;
  notes.toolCall(asText(item.name), asText(item.call_id), { key: asText(item.id) ?? "" });
}

/** `{type: "audio/pcm", rate}`, or a word in the beta; `undefined` where it says nothing. */
function formatShape(format: unknown, sampleRate?: number): AudioShape | undefined {
  const word = asText(format) ?? asText(asObject(format)?.type);
  const shape = audioShape(word, asCount(asObject(format)?.rate) ?? sampleRate);
  if (shape.encoding === undefined) return undefined;
  return { ...shape, sampleRate: shape.sampleRate ?? (shape.encoding === "pcm_s16" ? 24_000 : 8_000) };
}
