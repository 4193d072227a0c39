/** Sends to LiveKit Cloud's paths below the argument, and says what a preset without values says. */

import { startTelemetry } from "@teespan/teespan";
import { langfuse, livekitCloud } from "@teespan/teespan/presets";

const telemetry = startTelemetry({
  ...livekitCloud({ url: Deno.args[0], apiKey: "key", apiSecret: "secret-of-thirty-two-bytes-or-more" }),
  fetch: (() => Promise.resolve(new Response('{"id":"chatcmpl-1"}'))) as typeof fetch,
});
const response = await telemetry.fetch("https://api.openai.com/v1/chat/completions", {
  method: "POST",
  body: "{}",
});
await response.text();
await telemetry.shutdown();
try {
  langfuse();
} catch (error) {
  console.log((error as Error).message);
}
