/** Clocks that stand still between I/O, as those of Workers do. */

import assert from "node:assert/strict";
import { hrTimeToMilliseconds } from "@opentelemetry/core";
import { startKept } from "../support/memory_exporter.ts";
import { CHAT_URL } from "../support/served.ts";

/** Runs `work` with clocks that move when told to, and by nothing else. */
async function withFrozenClock(work: (advance: (ms: number) => void) => Promise<void>): Promise<void> {
  const { now } = performance;
  const { now: wallNow } = Date;
  let elapsed = 5_000;
  const epoch = wallNow();
  performance.now = () => elapsed;
  Date.now = () => epoch + elapsed;
  try {
    await work((ms) => void (elapsed += ms));
  } finally {
    performance.now = now;
    Date.now = wallNow;
  }
}

Deno.test("an attempt lasts as long as its I/O, and what takes no time takes none", async () => {
  await withFrozenClock(async (advance) => {
    const telemetry = startKept({
      register: false,
      fetch: (() => {
        advance(40);
        return Promise.resolve(new Response('{"id":"chatcmpl-1"}'));
      }) as typeof fetch,
    });
    const request = telemetry.startRequest(new Request("http://agent.example/"), { route: "/" });
    const answer = await request.fetch(CHAT_URL, { method: "POST", body: "{}" });
    await request.respond(new Response(answer.body)).text();
    const idle = telemetry.startRequest(new Request("http://agent.example/idle"), { route: "/idle" });
    idle.respond(new Response(null));
    await telemetry.shutdown();
    const durations = telemetry.spans.map(({ name, span }) => [
      name,
      Math.round(hrTimeToMilliseconds(span.endTime) - hrTimeToMilliseconds(span.startTime)),
    ]);
    assert.deepEqual(durations, [["llm_request_run", 40], ["GET /", 40], ["GET /idle", 0]]);
  });
});

Deno.test("flush() ends by its timer although the clock has not reached the deadline", async () => {
  await withFrozenClock(async () => {
    const telemetry = startKept({
      register: false,
      // a collector that never answers
      exporter: { export() {}, shutdown: () => Promise.resolve() },
    });
    telemetry.tracer.startSpan("waits").end();
    const { complete } = await telemetry.flush({ deadlineMs: 20 });
    assert.equal(complete, false);
    assert.equal(telemetry.stats().pendingSpans, 1);
  });
});
