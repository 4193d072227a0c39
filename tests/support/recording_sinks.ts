/** The sinks of a socket, as lists. */

import type { RequestIdKind, Sink, SocketSinks } from "../../src/types.ts";
import { recordSink, type SinkRecord } from "./recording_sink.ts";

/** Sinks that record, in the order of their beginning. */
export function recordSinks(): { readonly records: SinkRecord[]; readonly sinks: SocketSinks } {
  const records: SinkRecord[] = [];
  const open = new Map<string, { readonly record: SinkRecord; readonly sink: Sink }>();
  const ids = new Map<string, RequestIdKind>();
  const live = () => [...open.values()].filter(({ record }) => !record.completed);
  const find = (key: string): Sink | undefined => {
    const entry = open.get(key);
    return entry?.record.completed ? undefined : entry?.sink;
  };
  return {
    records,
    sinks: {
      find,
      begin(key) {
        const known = find(key);
        if (known !== undefined) return known;
        const entry = recordSink();
        open.set(key, entry);
        records.push(entry.record);
        for (const [id, kind] of ids) entry.sink.noteRequestId(id, kind);
        return entry.sink;
      },
      all: () => live().map(({ sink }) => sink),
      noteConnectionId(id, kind = "request") {
        ids.set(id, kind);
        for (const { sink } of live()) sink.noteRequestId(id, kind);
      },
    },
  };
}
