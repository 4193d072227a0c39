/**
 * The AI SDK: each provider takes `fetch`, and every try that the SDK makes leaves a span of its own.
 *
 * `OTEL_EXPORTER_OTLP_ENDPOINT=… OPENAI_API_KEY=… deno task ai-sdk`
 */

import { createOpenAI } from "@ai-sdk/openai";
import { startTelemetry } from "@teespan/teespan";
import { streamText } from "ai";

await using telemetry = startTelemetry({ serviceName: "ai-sdk-agent" });
const session = telemetry.startSession({ id: crypto.randomUUID() });
const openai = createOpenAI({ fetch: session.fetch, apiKey: Deno.env.get("OPENAI_API_KEY") ?? "" });

const { textStream } = streamText({
  model: openai.chat("gpt-5-mini"),
  prompt: "What is a span?",
});
for await (const text of textStream) console.log(text);
for (const { provider, status, requestIds } of session.attempts()) {
  console.log(provider, status, requestIds.map(({ id }) => id).join(" "));
}
session.end({ outcome: "success" });
