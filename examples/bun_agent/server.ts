/**
 * An agent on Bun, with Hono and OpenAI's SDK.
 *
 * `OTEL_EXPORTER_OTLP_ENDPOINT=… OPENAI_API_KEY=… bun run server.ts`; here `deno task bun`, which brings Bun.
 */

import process from "node:process";
import { agentTelemetry } from "@teespan/teespan/hono";
import { Hono } from "hono";
import { stream } from "hono/streaming";
import OpenAI from "openai";

const app = new Hono().use(agentTelemetry({ serviceName: "bun-agent" }));

app.post("/chat", async (c) => {
  const openai = new OpenAI({ fetch: c.var.telemetry.fetch, apiKey: process.env.OPENAI_API_KEY ?? "" });
  const answer = await openai.chat.completions.create({
    model: "gpt-5-mini",
    stream: true,
    messages: [{ role: "user", content: await c.req.text() }],
  });
  return stream(c, async (out) => {
    for await (const { choices } of answer) await out.write(choices[0]?.delta.content ?? "");
  });
});

/** Bun serves what is exported so. */
export default { port: Number(process.env.PORT ?? 3000), hostname: "127.0.0.1", fetch: app.fetch };
