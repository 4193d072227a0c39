import assert from "node:assert/strict";
import { requestFacts } from "../../src/instrument/call.ts";
import { createMatcher } from "../../src/match.ts";
import { providers } from "../../src/providers/mod.ts";
import type { CallRequest } from "../../src/types.ts";
import { everyCut } from "../support/cuts.ts";
import { type HttpFixture, httpFixtures } from "../support/fixtures.ts";
import { recordSink, rounded, type SinkRecord } from "../support/recording_sink.ts";

const match = createMatcher(providers);

/** Reads a fixture as the instrumentation does: request, headers, then the body in these pieces. */
function readFixture(
  { request, response, ...fixture }: HttpFixture,
  pieces: Iterable<Uint8Array>,
): SinkRecord {
  const matched = match(request.method, new URL(request.url));
  assert.ok(matched, `${request.url} is not recognized`);
  assert.equal(matched.provider.name, fixture.provider);
  const { record, sink } = recordSink();
  const asked = {
    url: new URL(request.url),
    headers: new Headers(request.headers),
    ...requestBody(request.body),
  };
  sink.note(requestFacts(matched.route.format, asked));
  const headers = new Headers(response.headers);
  for (const name of matched.provider.requestIdHeaders) sink.noteRequestId(headers.get(name) ?? "");
  const reader = matched.route.format.read({ status: response.status, headers }, sink, asked);
  for (const piece of pieces) {
    const handed = piece.slice();
    reader.push(handed);
    handed.fill(0x2a); // the caller may do so: nothing that was kept may point there
  }
  reader.end();
  return record;
}

/** A body is JSON; but a text is sent as it is, and base64 stands for bytes. */
function requestBody(body: unknown): Pick<CallRequest, "json" | "form" | "text" | "bytes"> {
  if (typeof body === "string") return { json: undefined, text: body };
  const { base64, form } = Object(body) as {
    readonly base64?: unknown;
    readonly form?: Record<string, string>;
  };
  if (form) return { json: undefined, form: { get: (name) => form[name] ?? null } };
  return typeof base64 === "string"
    ? { json: undefined, bytes: Uint8Array.fromBase64(base64) }
    : { json: body };
}

for (const fixture of httpFixtures) {
  Deno.test(`${fixture.provider}/${fixture.case} gives the same facts however it is cut`, () => {
    for (const [cut, pieces] of everyCut(fixture.body)) {
      assert.deepEqual(rounded(readFixture(fixture, pieces)), fixture.expected, cut);
    }
  });
}
