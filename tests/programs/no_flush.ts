/** Ends a span, forgets to flush, and has nothing else to do: a timer must not keep the process alive. */

import { startTelemetry } from "@teespan/teespan";

const telemetry = startTelemetry({ endpoint: "http://127.0.0.1:9", exportIntervalMs: 60_000, env: {} });
telemetry.tracer.startSpan("forgotten").end();
console.log("done");
