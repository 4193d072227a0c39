/**
 * An edge function of Vercel, as `api/chat.ts`. Without a framework `startRequest()` makes the request's span; what
 * has ended is sent through the platform's `waitUntil`, which it finds by itself. `deno task vercel` serves it here.
 */

import { startTelemetry, type Telemetry } from "@teespan/teespan";
import OpenAI from "openai";

/** Tells Vercel where to run it. */
export const config = { runtime: "edge" };

/** A global there, without an import. */
const { env } = globalThis.process;

let telemetry: Telemetry | undefined;

/** Answers as the model does. */
export default async function handler(request: Request): Promise<Response> {
  telemetry ??= startTelemetry({ serviceName: "vercel-agent", env });
  const served = telemetry.startRequest(request, { route: "/api/chat" });
  try {
    const openai = new OpenAI({ fetch: served.fetch, apiKey: env.OPENAI_API_KEY ?? "" });
    const answer = await openai.chat.completions.create({
      model: "gpt-5-mini",
      stream: true,
      messages: [{ role: "user", content: await request.text() }],
    });
    return served.respond(
      new Response(answer.toReadableStream(), {
        headers: { "content-type": "application/x-ndjson" },
      }),
    );
  } catch (error) {
    return served.respond(new Response("The model did not answer", { status: 502 }), { error });
  }
}
