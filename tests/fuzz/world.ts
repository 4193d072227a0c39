/** Telemetry as a program starts it, under watch: each span must start once, end once, and be left alone then. */

import assert from "node:assert/strict";
import { diag, DiagLogLevel } from "@opentelemetry/api";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-web";
import { startTelemetry, type Telemetry, type TelemetryOptions } from "../../mod.ts";

/** Telemetry under watch. */
export interface World {
  readonly telemetry: Telemetry;
  /**
   * Holds when nothing is open, everything that began has ended once, and nothing was complained about.
   *
   * @param suspended how many spans of sessions were given up, to be gone on with
   */
  settled(suspended?: number): Promise<readonly ReadableSpan[]>;
}

const ATTEMPT = /^(llm|tts|stt)_request_run$|^realtime_inference$/;

/** Starts it. Its transports are those of the options. */
export function startWorld(options: TelemetryOptions): World {
  const spans: ReadableSpan[] = [];
  const complaints: unknown[] = [];
  const started: string[] = [];
  let endedBefore = 0;
  let droppedBefore = 0;
  const exporter: SpanExporter = {
    export(batch, done) {
      spans.push(...batch);
      done({ code: 0 });
    },
    shutdown: () => Promise.resolve(),
    forceFlush: () => Promise.resolve(),
  };
  const telemetry = startTelemetry({
    serviceName: "fuzz",
    env: { OTEL_METRICS_EXPORTER: "none" },
    exporter,
    exportIntervalMs: false,
    maxQueueSize: 100_000,
    onError: (error, stage) => void complaints.push([stage, error]),
    ...options,
  });
  // whoever touches a span after its end is told so by the SDK, through this
  const complain = (...all: unknown[]): void => void complaints.push(all);
  diag.setLogger({ error: complain, warn: complain, info() {}, debug() {}, verbose() {} }, {
    logLevel: DiagLogLevel.WARN,
    suppressOverrideMessage: true,
  });
  const { tracer } = telemetry;
  const { startSpan } = tracer;
  tracer.startSpan = function (...all: Parameters<typeof startSpan>) {
    started.push(all[0]);
    return startSpan.apply(tracer, all);
  };
  return {
    telemetry,
    async settled(suspended = 0) {
      await telemetry.flush();
      const taken = spans.splice(0);
      const told = complaints.splice(0);
      const begun = started.splice(0);
      for (let again = 0; again < suspended; again++) begun.splice(begun.indexOf("agent_session"), 1);
      const { openAttempts, endedAttempts, droppedSpans, pendingSpans } = telemetry.stats();
      const ended = endedAttempts - endedBefore;
      const dropped = droppedSpans - droppedBefore;
      endedBefore = endedAttempts;
      droppedBefore = droppedSpans;
      assert.deepEqual(told.filter((one) => !isExpected(one)), [], "complaints");
      assert.deepEqual({ openAttempts, pendingSpans, dropped }, {
        openAttempts: 0,
        pendingSpans: 0,
        dropped: 0,
      });
      assert.equal(taken.filter(({ name }) => ATTEMPT.test(name)).length, ended, "attempts that ended");
      assert.deepEqual(
        taken.map(({ name }) => name).sort(),
        begun.toSorted(),
        "spans that ended, and that began",
      );
      assert.equal(
        new Set(taken.map((span) => span.spanContext().spanId)).size,
        taken.length,
        "one end each",
      );
      for (const span of taken) checkSpan(span, options.clock === undefined ? 60 : Infinity);
      return taken;
    },
  };
}

/** Calls that fit no route. */
function isExpected(complaint: unknown): boolean {
  return /no route fits it/.test(String((complaint as unknown[])[0]));
}

/** What holds of any span that takes so many seconds at most. */
function checkSpan({ attributes, duration, name }: ReadableSpan, most: number): void {
  assert.ok(duration[0] >= 0 && duration[0] < most, `${name} took ${duration[0]} s`);
  const ids = attributes["lk.provider_request_ids"] ?? [];
  assert.ok(Array.isArray(ids) && ids.length <= 128, `${name} has ids ${ids}`);
  assert.equal(new Set(ids as string[]).size, ids.length);
  for (const id of ids) assert.match(String(id), /^[^\s{["]\S{0,511}$/);
  for (const [key, value] of Object.entries(attributes)) {
    assert.notEqual(value, undefined, key);
    if (typeof value === "number") assert.ok(Number.isFinite(value) && value >= 0, `${key} is ${value}`);
    if (typeof value === "string") assert.ok(value.length <= 2048, `${key} has ${value.length} characters`);
  }
}
