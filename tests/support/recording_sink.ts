/** A sink that is a list: what a format says of one answer, without telemetry. */

import type { Facts, Failure, OutputKind, RequestIdKind, Sink } from "../../src/types.ts";

/** What a format said. */
export interface SinkRecord {
  requestIds: [id: string, kind: RequestIdKind][];
  facts: Facts;
  /** Kinds of output in order of their first sight. */
  outputs: OutputKind[];
  completed: boolean;
  failure?: Failure;
  unread?: number;
  /** Characters that were added. */
  characters?: number;
  /** Seconds of audio that were added. */
  audioSeconds?: number;
  cancelled?: true;
}

/** Records like an attempt: nothing counts after the end, ids once, the first failure stands. */
export function recordSink(): { readonly record: SinkRecord; readonly sink: Sink } {
  const record: SinkRecord = { requestIds: [], facts: {}, outputs: [], completed: false };
  const open = (work: () => void): void => record.completed ? undefined : work();
  return {
    record,
    sink: {
      noteRequestId: (id, kind = "request") =>
        open(() => {
          if (id !== "" && record.requestIds.every(([known]) => known !== id)) {
            record.requestIds.push([id, kind]);
          }
        }),
      output: (kind) => open(() => void (record.outputs.includes(kind) || record.outputs.push(kind))),
      note: (facts) =>
        open(() => {
          const known = Object.entries(facts).filter(([, value]) => value !== undefined);
          record.facts = { ...record.facts, ...Object.fromEntries(known) };
        }),
      fail: ({ type, code }) =>
        open(() => void (record.failure ??= { type, ...code !== undefined && { code } })),
      addCharacters: (characters) =>
        open(() => void (record.characters = (record.characters ?? 0) + characters)),
      addAudio: (seconds) => open(() => void (record.audioSeconds = (record.audioSeconds ?? 0) + seconds)),
      complete: () => void (record.completed = true),
      cancel: () =>
        open(() => {
          record.completed = true;
          record.cancelled = true;
        }),
      unread: () => void (record.unread = (record.unread ?? 0) + 1),
      passOver: () => {},
    },
  };
}

/** The record with seconds that are free of the errors of floating point sums. */
export function rounded(record: SinkRecord): SinkRecord {
  const { audioSeconds } = record;
  return audioSeconds === undefined
    ? record
    : { ...record, audioSeconds: Math.round(audioSeconds * 1e6) / 1e6 };
}
