/** Makes one call through telemetry and shuts down. The collector's URL is the argument. */

import { startTelemetry } from "@teespan/teespan";

const telemetry = startTelemetry({
  endpoint: Deno.args[0],
  fetch: (() => Promise.resolve(new Response('{"id":"chatcmpl-1"}'))) as typeof fetch,
});
const response = await telemetry.fetch("https://api.openai.com/v1/chat/completions", {
  method: "POST",
  body: "{}",
});
await response.text();
await telemetry.shutdown();
console.log(JSON.stringify(telemetry.stats()));
