/** The sinks of a socket, as lists. */

import type { Facts, Failure, RequestIdKind, Sink, SocketSinks, TurnSink } from "../../src/types.ts";
import { recordSink, type SinkRecord } from "./recording_sink.ts";

/** What was said of one turn: the methods that were called, in order, and with what. */
export type TurnCall = [method: keyof TurnSink, ...all: unknown[]];

/** What a format said of a connection. */
export interface ConnectionRecord {
  /** The attempts, in the order of their beginning. */
  attempts: SinkRecord[];
  /** Turns by their keys; `""` has none. */
  turns?: Record<string, TurnCall[]>;
  /** Audio that was sent to be heard. */
  sentAudioSeconds?: number;
  /** An error of the connection. */
  failure?: Failure;
  /** What transcriptions beside the conversation used. */
  transcriptions?: Facts[];
  /** The provider bills its time. */
  timed?: true;
}

const WHOLE = "";

/** Sinks that record. */
export function recordSinks(): { readonly connection: ConnectionRecord; readonly sinks: SocketSinks } {
  const connection: ConnectionRecord = { attempts: [] };
  const open = new Map<string, { readonly record: SinkRecord; readonly sink: Sink }>();
  const ids = new Map<string, RequestIdKind>();
  let whole: Sink | undefined;
  const live = () => [...open.values()].filter(({ record }) => !record.completed);
  const find = (key: string): Sink | undefined => {
    const entry = open.get(key);
    return entry?.record.completed ? undefined : entry?.sink;
  };
  const begin = (key: string): Sink => {
    const known = find(key);
    if (known !== undefined) return known;
    const entry = recordSink();
    open.set(key, entry);
    connection.attempts.push(entry.record);
    for (const [id, kind] of ids) entry.sink.noteRequestId(id, kind);
    return entry.sink;
  };
  return {
    connection,
    sinks: {
      find,
      begin,
      whole: () => whole ??= begin(WHOLE),
      all: () => live().map(({ sink }) => sink),
      noteConnectionId(id, kind = "request") {
        if (id !== "") ids.set(id, kind);
        for (const { sink } of live()) sink.noteRequestId(id, kind);
      },
      turn: (key = "") => recordTurn((call) => ((connection.turns ??= {})[key] ??= []).push(call)),
      audioSent: (seconds) =>
        void (connection.sentAudioSeconds = (connection.sentAudioSeconds ?? 0) + seconds),
      fail(failure) {
        if (live().length === 0) begin(WHOLE); // an attempt that carries it
        for (const { sink } of live()) {
          sink.fail(failure);
          sink.complete();
        }
        connection.failure ??= {
          type: failure.type,
          ...failure.code !== undefined && { code: failure.code },
        };
      },
      noteModel() {},
      transcriptionUsed: (facts) =>
        void (connection.transcriptions ??= []).push(withoutUndefined(facts) as Facts),
      billedByTime: () => void (connection.timed = true),
    },
  };
}

/** The record with seconds that are free of the errors of floating point sums. */
export function roundedConnection(
  record: ConnectionRecord,
  round: (one: SinkRecord) => SinkRecord,
): ConnectionRecord {
  const { sentAudioSeconds, attempts, ...rest } = record;
  return {
    ...rest,
    attempts: attempts.map(round),
    ...sentAudioSeconds !== undefined && { sentAudioSeconds: Math.round(sentAudioSeconds * 1e6) / 1e6 },
  };
}

/** A turn whose empty ids and absent details stay unsaid. */
function recordTurn(take: (call: TurnCall) => void): TurnSink {
  const say = (method: keyof TurnSink) => (...all: readonly unknown[]): void => {
    const said = all.map(withoutUndefined).filter((one) => one !== undefined);
    if (method !== "noteRequestId" || all[0] !== "") take([method, ...said]);
  };
  return {
    noteRequestId: (id, kind = "request") => say("noteRequestId")(id, kind),
    speechStarted: say("speechStarted"),
    speechStopped: say("speechStopped"),
    // what was said is for others to judge
    transcript: ({ text: _text, extent: _extent, ...transcript }) => say("transcript")(transcript),
    endOfTurn: say("endOfTurn"),
    commit: say("commit"),
    settle: say("settle"),
    clear: say("clear"),
  };
}

function withoutUndefined(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = Object.entries(value).filter(([, one]) => one !== undefined);
  return known.length > 0 ? Object.fromEntries(known) : undefined;
}
