/** Chunks that are not parsed are never missed: the facts are those of a full parse of every event. */

import assert from "node:assert/strict";
import { createMatcher } from "../../src/match.ts";
import { providers } from "../../src/providers/mod.ts";
import type { CallResponse, JsonFormat } from "../../src/types.ts";
import { asObject, parseJson } from "../../src/wire/json.ts";
import { readSse } from "../../src/wire/sse.ts";
import { httpFixtures } from "../support/fixtures.ts";
import { recordings } from "../support/recordings.ts";
import { recordSink, type SinkRecord } from "../support/recording_sink.ts";

interface Stream extends CallResponse {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

const match = createMatcher(providers);

const streams: Stream[] = [
  ...recordings,
  ...httpFixtures.map(({ provider, case: name, request, response, body }) => ({
    name: `${provider}/${name}`,
    ...request,
    status: response.status,
    headers: new Headers(response.headers),
    body,
  })),
];

function formatOf({ method, url, headers }: Stream): JsonFormat | undefined {
  if (
    !/event-stream/.test(headers.get("content-type") ?? "") || /amazon/.test(headers.get("content-type")!)
  ) return;
  const format = match(method, new URL(url))?.route.format;
  return format && "open" in format ? format as JsonFormat : undefined;
}

/** What the format says, and how many events it was shown. */
function readAsEver(format: JsonFormat, stream: Stream): { record: SinkRecord; parsed: number } {
  const { record, sink } = recordSink();
  const { parse } = JSON;
  let parsed = 0;
  JSON.parse = (...all) => (parsed++, parse(...all));
  try {
    const reader = format.read(stream, sink);
    reader.push(stream.body);
    reader.end();
  } finally {
    JSON.parse = parse;
  }
  return { record, parsed };
}

/** What the format says when it is shown every event. */
function readAll(format: JsonFormat, { body }: Stream): { record: SinkRecord; events: number } {
  const { record, sink } = recordSink();
  sink.note({ streamed: true });
  const answer = format.open(sink);
  let events = 0;
  const reader = readSse({
    onEvent(data) {
      if (new TextDecoder().decode(data.subarray(0, 6)) === "[DONE]") return sink.complete();
      events++;
      const json = parseJson(data);
      if (json === undefined) sink.unread();
      else answer.event(json);
    },
    onStray(data) {
      events++;
      const json = parseJson(data);
      answer.document(json);
      if (asObject(json)?.error) sink.complete();
    },
  });
  reader.push(body);
  reader.end();
  answer.end();
  return { record, events };
}

Deno.test("what is not parsed says nothing new, in every stream that we have", () => {
  let shown = 0;
  let all = 0;
  for (const stream of streams) {
    const format = formatOf(stream);
    if (format === undefined) continue;
    const { record, parsed } = readAsEver(format, stream);
    const { record: expected, events } = readAll(format, stream);
    assert.deepEqual(record, expected, stream.name);
    assert.ok(parsed <= events, stream.name);
    shown += parsed;
    all += events;
  }
  assert.ok(all > 100);
  if (recordings.length > 0) assert.ok(shown < all * 0.6, `${shown} of ${all} events were parsed`);
});
