/** What Deno Deploy runs: a default export that serves. `PROVIDER_URL` is where its provider is. */

import { agentTelemetry } from "@teespan/teespan/hono";
import { Hono } from "hono";

const app = new Hono().use(agentTelemetry({
  fetch: ((input: RequestInfo | URL, init?: RequestInit) =>
    fetch(new URL(new URL(String(input)).pathname, Deno.env.get("PROVIDER_URL")), init)) as typeof fetch,
}));
app.get("/chat/:id", (c) => {
  const body = JSON.stringify({ model: "gpt-5-mini" });
  return c.var.telemetry.fetch("https://api.openai.com/v1/chat/completions", { method: "POST", body });
});

export default app satisfies Deno.ServeDefaultExport;
