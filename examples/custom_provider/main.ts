/**
 * An agent with a provider of its own, beside all that ship. `deno task custom-provider`
 */

import { providers, startTelemetry } from "@teespan/teespan";
import { acme } from "./acme.ts";

await using telemetry = startTelemetry({ serviceName: "acme-agent", providers: [acme, ...providers] });

const answer = await telemetry.fetch("https://eu.llm.acme.example/v2/generate", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ model: "acme-large", prompt: "What is a span?" }),
});
console.log(await answer.text());
