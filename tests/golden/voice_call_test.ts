/**
 * A whole voice call, as a collector gets it, against what was checked in. After a change that is meant,
 * `GOLDEN=write deno test -A tests/golden` writes it anew: read the diff.
 */

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import type { ReceivedMetric, ReceivedSpan } from "../../src/testing/mod.ts";
import { type Call, holdCall } from "./voice_call.ts";

const FILE = new URL("./voice_call.json", import.meta.url);

/** Below which spans each stands. */
const PARENTS: Readonly<Record<string, readonly (string | undefined)[]>> = {
  "voice.session": [undefined],
  "voice.deliver_initial_greeting": ["voice.session"],
  "stt_request_run": ["voice.session"],
  "user_turn": ["voice.session"],
  "eou_detection": ["user_turn"],
  "agent_turn": ["voice.session"],
  "llm.voice_response": ["agent_turn"],
  "function_tool": ["agent_turn"],
  "tts_node": ["agent_turn"],
  "llm_request_run": ["llm.voice_response"],
  "tts_request_run": ["voice.deliver_initial_greeting", "tts_node"],
};

const call = await holdCall();
const parentOf = (spans: readonly ReceivedSpan[], { parentSpanId }: ReceivedSpan): ReceivedSpan | undefined =>
  spans.find(({ spanId }) => spanId === parentSpanId);

Deno.test("a voice call leaves the trace and the metrics that are checked in", async () => {
  const golden = JSON.parse(JSON.stringify({ trace: traceOf(call), metrics: metricsOf(call.metrics) }));
  if (Deno.env.get("GOLDEN") === "write") await writeFile(FILE, JSON.stringify(golden, null, 2) + "\n");
  assert.deepEqual(golden, JSON.parse(await readFile(FILE, "utf8")));
});

Deno.test("a second call leaves the same", async () => {
  const again = await holdCall();
  assert.deepEqual(traceOf(again), traceOf(call));
  assert.deepEqual(metricsOf(again.metrics), metricsOf(call.metrics));
});

Deno.test("each span of a voice call hangs where the table says, and lies within its parent", () => {
  assert.deepEqual(new Set(call.spans.map(({ name }) => name)), new Set(Object.keys(PARENTS)));
  assert.equal(new Set(call.spans.map(({ traceId }) => traceId)).size, 1);
  for (const span of call.spans) {
    const parent = parentOf(call.spans, span);
    assert.equal(
      parent === undefined,
      span.parentSpanId === undefined,
      `${span.name} has a parent that came`,
    );
    assert.ok(PARENTS[span.name]!.includes(parent?.name), `${span.name} below ${parent?.name}`);
    if (parent === undefined) continue;
    assert.ok(span.startTimeUnixNano >= parent.startTimeUnixNano, `${span.name} begins in ${parent.name}`);
    assert.ok(span.endTimeUnixNano <= parent.endTimeUnixNano, `${span.name} ends in ${parent.name}`);
  }
});

Deno.test("the parts of each turn's latency in a voice call add up to it", () => {
  const turns = call.spans.filter(({ name }) => name === "agent_turn");
  assert.equal(turns.length, 2);
  for (const { attributes } of turns) {
    const parts = Object.entries(attributes).filter(([name]) => name.startsWith("teespan.turn.latency."));
    const sum = parts.reduce((total, [, seconds]) => total + Number(seconds), 0);
    assert.ok(parts.length >= 6);
    assert.ok(Math.abs(sum - Number(attributes["lk.e2e_latency"])) < 1e-9, `${sum}`);
  }
});

Deno.test("a voice call counts what was used once, tried again or not", () => {
  const { usage, attempts, errors } = call.summary;
  assert.equal(usage.llm.outputTokens, 8);
  assert.equal(attempts.total, call.spans.filter(({ name }) => name.endsWith("_request_run")).length);
  assert.deepEqual(errors, [
    { provider: "openai", errorType: "429", count: 1, requestIds: ["req_busy"] },
    { provider: "deepgram", errorType: "close_1011", count: 1, requestIds: ["dg-1"] },
  ]);
});

/** Spans in the order of their beginnings, in milliseconds from that of the call, without what is random. */
function traceOf({ startedAt, spans }: Call) {
  const ms = (time: bigint): number => Number((time - BigInt(startedAt) * 1_000_000n) / 1_000n) / 1_000;
  const told = spans.map((span) => {
    const { name, kind, status, attributes, events, links } = span;
    return {
      name,
      below: parentOf(spans, span)?.name,
      kind,
      from: ms(span.startTimeUnixNano),
      to: ms(span.endTimeUnixNano),
      status,
      attributes: sorted(attributes),
      events: events.map((event) => ({
        name: event.name,
        at: ms(event.timeUnixNano),
        attributes: sorted(event.attributes),
      })),
      links: links.length,
    };
  });
  return told.toSorted((a, b) => a.from - b.from || a.to - b.to || a.name.localeCompare(b.name));
}

/** Metrics by their names, points by their attributes, without times. */
function metricsOf(metrics: readonly ReceivedMetric[]) {
  return metrics.map(({ name, unit, type, temporality, points }) => ({
    name,
    unit,
    type,
    temporality,
    points: points
      .map(({ attributes, value, count, sum, min, max }) => (
        { attributes: sorted(attributes), value, count, sum, min, max }
      ))
      .toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
  })).toSorted((a, b) => a.name.localeCompare(b.name));
}

function sorted(attributes: ReceivedSpan["attributes"]) {
  return Object.fromEntries(Object.entries(attributes).toSorted(([a], [b]) => a.localeCompare(b)));
}
