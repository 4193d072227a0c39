/** A Hono app that passes a provider's answer on, to be served for real. */

import { agentTelemetry, type AgentTelemetryEnv } from "@teespan/teespan/hono";
import { Hono } from "hono";

/** Where things are. */
export interface ServedEnv {
  readonly PROVIDER: string;
  readonly OTEL_EXPORTER_OTLP_ENDPOINT: string;
}

/** Makes the app; without variables they come from the platform with the request. */
export function createApp(given?: ServedEnv): Hono<AgentTelemetryEnv & { Bindings: ServedEnv }> {
  const app = new Hono<AgentTelemetryEnv & { Bindings: ServedEnv }>();
  app.use(agentTelemetry((env: ServedEnv) => {
    const { PROVIDER, OTEL_EXPORTER_OTLP_ENDPOINT } = given ?? env;
    return {
      serviceName: "served",
      endpoint: OTEL_EXPORTER_OTLP_ENDPOINT,
      exportIntervalMs: false,
      metricIntervalMs: false,
      fetch: ((input: RequestInfo | URL, init?: RequestInit) => {
        const { pathname, search } = new URL(String(input));
        return fetch(`${PROVIDER}${pathname}${search}`, init);
      }) as typeof fetch,
    };
  }));
  app.get("/:scenario", async (c) => {
    const url = `https://api.openai.com/v1/chat/completions?scenario=${c.req.param("scenario")}`;
    const answer = await c.var.telemetry.fetch(url, { method: "POST", body: '{"stream":true}' });
    return new Response(answer.body, { headers: { "content-type": "text/event-stream" } });
  });
  return app;
}
