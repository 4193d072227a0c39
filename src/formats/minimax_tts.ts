/**
 * MiniMax's T2A sockets: one task at a time. The newer one buffers sentences, flushes and cancels within a task.
 *
 * @see {@link https://platform.minimax.io/docs/api-reference/speech-t2a-websocket}
 * @see {@link https://platform.minimax.io/docs/api-reference/speech-t2a-websocket-bidi}
 * @module
 */

import { audioShape, type Speech, SpeechContexts } from "../speech.ts";
import type { Failure, RequestIdKind, SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asCount, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The only segment at a time. */
const KEY = "";

/** A text was too long, or too much waits: it is passed over, and the task goes on. */
const SOFT_ERRORS = new Set(["2204", "2205"]);

/** The socket format. */
export function minimaxTts(): SocketFormat {
  return { name: "minimax_tts", open: (_request, sinks) => openTasks(sinks) };
}

function openTasks(sinks: SocketSinks): SocketReader {
  const contexts = new SpeechContexts(sinks);
  const usage = new WeakMap<Speech, Usage>();
  let config: JsonObject = {};
  let started: JsonObject = {};
  let flushing: Speech | undefined;
  /** Until the provider says that it cancelled, what comes is of the cancelled segment. */
  let canceling = false;
  return readJsonFrames({
    sent(frame) {
      const speech = contexts.find(KEY);
      if (frame.event === "task_start") config = frame;
      else if (frame.event === "task_continue") say(asText(frame.text));
      else if (frame.event === "task_flush") flushing = speech;
      else if (frame.event === "task_cancel") {
        canceling = speech !== undefined;
        speech?.sink.cancel();
      }
    },
    received(frame) {
      const event = asText(frame.event) ?? "";
      // the session is that of the connection until a task names one
      if (event === "connected_success") noteIds(frame, (id, kind) => contexts.noteConnectionId(id, kind));
      if (event === "task_started") started = frame;
      if (/^task_(cancel|start|finish|fail)/.test(event)) canceling = false;
      const speech = contexts.find(KEY);
      if (speech === undefined || canceling) return;
      noteIds(frame, (id, kind) => speech.sink.noteRequestId(id, kind));
      speech.hex(asText(asObject(frame.data)?.audio));
      if (frame.is_final === true) addUsage(speech, asObject(frame.extra_info));
      const failure = failureOf(frame) ?? (event === "task_failed" ? { type: event } : undefined);
      if (failure) fail(speech, failure);
      if (event === "task_finished") speech.sink.complete();
      if (event === "task_flushed") flushing?.sink.complete();
    },
  });

  function say(text: string | undefined): void {
    // some keep the socket alive with empty texts
    if (text === undefined || text.trim() === "") return;
    const speech = contexts.begin(KEY, minimaxShape(config));
    const { sink } = speech;
    sink.noteRequestId(asText(config.session_id) ?? "", "echoed");
    noteIds(started, (id, kind) => sink.noteRequestId(id, kind));
    sink.note({ operationName: "text_to_speech", requestModel: asText(config.model), streamed: true });
    speech.text(text);
  }

  /** Each text has figures of its own. */
  function addUsage(speech: Speech, info: JsonObject | undefined): void {
    if (info === undefined) return;
    const sum = addUp(usage.get(speech) ?? {}, usageOf(info));
    usage.set(speech, sum);
    speech.sink.note(sum);
  }
}

/** What a piece of an answer over HTTP says. The last one has the whole audio again, but where it is the only one. */
export function readMinimaxAnswer(json: JsonObject, speech: Speech): void {
  const { sink } = speech;
  const info = asObject(json.extra_info);
  const audio = asText(asObject(json.data)?.audio);
  noteIds(json, (id, kind) => sink.noteRequestId(id, kind));
  const failure = failureOf(json);
  if (failure) sink.fail(failure);
  if (info === undefined) return speech.hex(audio);
  // in place of audio there can be a URL
  if (audio !== undefined && /^[\da-f]{2}/i.test(audio)) sink.output("audio");
  sink.note(usageOf(info));
  sink.complete();
}

/** The shape of the audio that is asked for. */
export function minimaxShape(config: JsonObject): AudioShape {
  const setting = asObject(config.audio_setting);
  return {
    ...audioShape(asText(setting?.format) ?? "mp3", asCount(setting?.sample_rate)),
    channels: asCount(setting?.channel),
  };
}

/** `connect_id` is none of them. */
function noteIds(frame: JsonObject, note: (id: string, kind: RequestIdKind) => void): void {
  const trace = asText(frame.trace_id) ?? asText(asObject(frame.base_resp)?.trace_id);
  if (trace !== undefined) note(trace, "trace");
  const session = asText(frame.session_id);
  if (session !== undefined) note(session, "session");
}

/** A status that is not 0 is an error, whatever the frame, and whatever the status of HTTP. */
function failureOf(frame: JsonObject): Failure | undefined {
  const code = asWord(asObject(frame.base_resp)?.status_code);
  return code === undefined || code === "0" ? undefined : { type: code };
}

function fail(speech: Speech, failure: Failure): void {
  if (SOFT_ERRORS.has(failure.type)) speech.sink.fail(failure);
  else speech.fail(failure);
}

interface Usage {
  readonly characters?: number | undefined;
  readonly audioSeconds?: number | undefined;
}

function usageOf(info: JsonObject): Usage {
  const milliseconds = asCount(info.audio_length);
  return {
    characters: asCount(info.usage_characters),
    audioSeconds: milliseconds === undefined ? undefined : milliseconds / 1000,
  };
}

function addUp(sum: Usage, more: Usage): Usage {
  const add = (a: number | undefined, b: number | undefined): number | undefined =>
    a === undefined || b === undefined ? a ?? b : a + b;
  return {
    characters: add(sum.characters, more.characters),
    audioSeconds: add(sum.audioSeconds, more.audioSeconds),
  };
}
