/** What a user writes, checked against the types that are packed. Never run. */

import {
  type AttemptRecord,
  instrumentFetch,
  openaiCompatible,
  type Provider,
  providers,
  startTelemetry,
  type Telemetry,
} from "@teespan/teespan";
import { followUpgrade, measureAttempts } from "@teespan/teespan/core";
import { type Export, startExport } from "@teespan/teespan/export";
import { agentTelemetry } from "@teespan/teespan/hono";
import { startTelemetry as startLite } from "@teespan/teespan/lite";
import { exportMetrics } from "@teespan/teespan/metrics";
import { openai } from "@teespan/teespan/providers/openai";
import { startReceiver } from "@teespan/teespan/testing";
import { Hono } from "hono";

const telemetry: Telemetry = startTelemetry({ serviceName: "agent", propagateTo: ["tools.acme.example"] });
const acme: Provider = openaiCompatible({ name: "acme", host: "llm.acme.example" });
const session = telemetry.startSession({ id: "call-7" });
const records: readonly AttemptRecord[] = session.attempts();

/** A Hono app whose `c.var.telemetry` has its type. */
export const app = new Hono().use(agentTelemetry({ providers: [acme, ...providers] }))
  .get("/", (c) => c.text(c.var.telemetry.span.spanContext().traceId));

/** Telemetry of named parts, and a single instrument. */
export const lite: Telemetry = startLite({ providers: [openai, acme], exportMetrics });
const sending: Export = startExport({ serviceName: "agent" });
export const fetch = instrumentFetch(globalThis.fetch, {
  ...sending,
  providers: [openai],
  followUpgrade,
  measureAttempts,
});

/** What is used of each entry point. */
export const used = [records, (await startReceiver()).spans[0]?.durationSeconds.toFixed(3)];

// @ts-expect-error there is no such option
startTelemetry({ serviceNam: "agent" });
// @ts-expect-error which providers is not said
startLite({ serviceName: "agent" });
// @ts-expect-error nor here
instrumentFetch(fetch, {});
// @ts-expect-error it is a text
telemetry.startSession({ id: 7 });
// @ts-expect-error it has no such member
app.get("/odd", (c) => c.text(c.var.telemetry.nothing));
