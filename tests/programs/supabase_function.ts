/**
 * What Supabase runs: `Deno.serve()`, and a global that keeps the isolate until work is done. `PROVIDER_URL` is where its
 * provider is. Answers one request, and says what was kept for how many works.
 */

import { startTelemetry } from "@teespan/teespan";

const works: Promise<unknown>[] = [];
Object.assign(globalThis, {
  EdgeRuntime: { waitUntil: (work: Promise<unknown>) => void works.push(work) },
});

const telemetry = startTelemetry({
  exportIntervalMs: false,
  metricIntervalMs: false,
  fetch: ((input: RequestInfo | URL, init?: RequestInit) =>
    fetch(new URL(new URL(String(input)).pathname, Deno.env.get("PROVIDER_URL")), init)) as typeof fetch,
});
const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
  const served = telemetry.startRequest(request, { route: "/functions/v1/chat" });
  return served.respond(
    await served.fetch("https://api.openai.com/v1/chat/completions", { method: "POST", body: "{}" }),
  );
});
const response = await fetch(`http://127.0.0.1:${server.addr.port}/functions/v1/chat`);
console.log(await response.text());
for (let index = 0; index < works.length; index++) await works[index];
console.log(works.length);
Deno.exit();
