/** Sends by a preset and by plain options, in an environment that has headers. The collector's URL is the argument. */

import { startTelemetry } from "@teespan/teespan";
import { datadog, langfuse } from "@teespan/teespan/presets";

const [url] = Deno.args;
for (
  const options of [
    langfuse({ publicKey: "pk", secretKey: "sk", host: `${url}/langfuse` }),
    { ...datadog({ apiKey: "dd" }), endpoint: `${url}/datadog` },
    { endpoint: `${url}/plain`, headers: { "x-own": "1" } },
    { endpoint: `${url}/alone`, headers: { "x-own": "1" }, headersFromEnv: false },
    { endpoint: `${url}/given`, env: { OTEL_EXPORTER_OTLP_HEADERS: "x-given=1" } },
  ]
) {
  const telemetry = startTelemetry({
    ...options,
    fetch: (() => Promise.resolve(new Response('{"id":"chatcmpl-1"}'))) as typeof fetch,
  });
  await (await telemetry.fetch("https://api.openai.com/v1/chat/completions", { method: "POST", body: "{}" }))
    .text();
  await telemetry.shutdown();
}
