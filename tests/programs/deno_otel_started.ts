/**
 * Telemetry that is started in a process which Deno traces by itself, too. Serves one request and asks a provider, whose
 * URL is the argument.
 */

import { startTelemetry } from "@teespan/teespan";

const target = Deno.args[0]!;
const telemetry = startTelemetry({
  fetch: ((input: RequestInfo | URL, init?: RequestInit) =>
    globalThis.fetch(new URL(new URL(String(input)).pathname, target), init)) as typeof globalThis.fetch,
});
const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
  const served = telemetry.startRequest(request, { route: "/chat" });
  const answer = await served.fetch("https://api.openai.com/v1/chat/completions", {
    method: "POST",
    body: "{}",
  });
  return served.respond(new Response(answer.body));
});
const response = await fetch(`http://127.0.0.1:${server.addr.port}/chat`);
console.log(await response.text());
await server.shutdown();
await telemetry.shutdown();
