/** Telemetry that makes calls without a provider. */

import { startTelemetry, type Telemetry, type TelemetryOptions } from "../../mod.ts";

/** Telemetry on a provider that always answers, and a call through it that leaves a span and measurements. */
export function startCalls(
  options: TelemetryOptions,
): { readonly telemetry: Telemetry; readonly call: () => Promise<void> } {
  const telemetry = startTelemetry({
    serviceName: "agent",
    env: {},
    exportIntervalMs: false,
    metricIntervalMs: false,
    fetch: (() => Promise.resolve(new Response('{"id":"chatcmpl-1"}'))) as typeof fetch,
    ...options,
  });
  const call = async (): Promise<void> => {
    const init = { method: "POST", body: '{"model":"gpt-x"}' };
    await (await telemetry.fetch("https://api.openai.com/v1/chat/completions", init)).text();
  };
  return { telemetry, call };
}
