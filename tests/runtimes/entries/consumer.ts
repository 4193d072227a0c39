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
import { agentTelemetry } from "@teespan/teespan/hono";
import { startReceiver } from "@teespan/teespan/testing";
import { Hono } from "hono";

const telemetry: Telemetry = startTelemetry({ serviceName: "agent", propagateTo: ["tools.acme.example"] });
const acme: Provider = openaiCompatible({ name: "acme", host: "llm.acme.example" });
const session = telemetry.startSession({ id: "call-7" });
const records: readonly AttemptRecord[] = session.attempts();

/** A Hono app whose `c.var.telemetry` has its type. */
export const app = new Hono().use(agentTelemetry({ providers: [acme, ...providers] }))
  .get("/", (c) => c.text(c.var.telemetry.span.spanContext().traceId));

/** What is used of each entry point. */
export const used = [records, instrumentFetch, (await startReceiver()).spans[0]?.durationSeconds.toFixed(3)];

// @ts-expect-error there is no such option
startTelemetry({ serviceNam: "agent" });
// @ts-expect-error it is a text
telemetry.startSession({ id: 7 });
// @ts-expect-error it has no such member
app.get("/odd", (c) => c.text(c.var.telemetry.nothing));
