/** Sends twice, with headers that are made for each request. The collector's URL is the argument. */

import { startTelemetry } from "@teespan/teespan";

let asked = 0;
const telemetry = startTelemetry({
  tracesEndpoint: `${Deno.args[0]}/odd/traces`,
  headers: () => Promise.resolve({ authorization: `Bearer ${++asked}` }),
  fetch: (() => Promise.resolve(new Response('{"id":"chatcmpl-1"}'))) as typeof fetch,
});
for (let i = 0; i < 2; i++) {
  const response = await telemetry.fetch("https://api.openai.com/v1/chat/completions", {
    method: "POST",
    body: "{}",
  });
  await response.text();
  await telemetry.flush();
}
await telemetry.shutdown();
