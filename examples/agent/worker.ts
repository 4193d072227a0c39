/**
 * An agent at the edge: `POST /chat` asks Anthropic for a tone by plain `fetch`, then streams OpenAI's answer through
 * the official SDK. All that telemetry takes is `telemetry.fetch`, one span around the request, and a flush at its end.
 *
 * On Cloudflare Workers, with `let agent`, since telemetry is started once:
 * `export default { fetch: (request, env, ctx) => (agent ??= createAgent(env)).fetch(request, env, ctx) }`
 */

import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { type Fetch, startTelemetry, type Telemetry } from "@teespan/teespan";
import { type Context, Hono } from "hono";
import OpenAI from "openai";

/** What the agent is configured with; `OTEL_*` variables beside these say where spans go. */
export interface AgentEnv {
  readonly OPENAI_API_KEY: string;
  readonly ANTHROPIC_API_KEY: string;
}

const TONES = ["plain", "playful", "formal"];

/** Makes the agent. Keep it between requests: telemetry is started once. */
export function createAgent(
  env: AgentEnv,
  telemetry: Telemetry = startTelemetry({ serviceName: "edge-agent", env }),
): Hono {
  const openai = new OpenAI({
    apiKey: env.OPENAI_API_KEY,
    baseURL: "https://api.openai.com/v1",
    fetch: telemetry.fetch,
  });
  const app = new Hono();

  app.post(
    "/chat",
    (c) =>
      telemetry.tracer.startActiveSpan("POST /chat", { kind: SpanKind.SERVER }, async (span) => {
        const end = (error?: unknown): void => {
          if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: nameOf(error) });
          span.end();
          keepAlive(c, telemetry.flush());
        };
        try {
          const question = await c.req.text();
          const tone = await chooseTone(telemetry.fetch, env.ANTHROPIC_API_KEY, question);
          const answer = await openai.chat.completions.create({
            model: "gpt-5-mini",
            reasoning_effort: "low",
            stream: true,
            stream_options: { include_usage: true },
            messages: [
              { role: "system", content: `Answer in two or three short sentences. Tone: ${tone}.` },
              { role: "user", content: question },
            ],
          });
          return c.body(ReadableStream.from(encodeText(answer, end)), 200, {
            "content-type": "text/plain; charset=utf-8",
          });
        } catch (error) {
          end(error);
          return c.text(error instanceof Error ? error.message : String(error), 502);
        }
      }),
  );

  return app;
}

/** A small step before the answer. */
async function chooseTone(fetch: Fetch, apiKey: string, question: string): Promise<string> {
  const response = await fetch("https://api.anthropic.com/v1/messages", {
    method: "POST",
    headers: { "x-api-key": apiKey, "anthropic-version": "2023-06-01", "content-type": "application/json" },
    body: JSON.stringify({
      model: "claude-haiku-4-5",
      max_tokens: 8,
      system: `Which tone should an answer to this have? Reply with one word of: ${TONES.join(", ")}.`,
      messages: [{ role: "user", content: question }],
    }),
  });
  if (!response.ok) throw new Error(`${response.status} from Anthropic: ${await response.text()}`);
  const { content } = await response.json() as { content: readonly { readonly text?: string }[] };
  const word = content[0]?.text?.trim().toLowerCase() ?? "";
  return TONES.includes(word) ? word : "plain";
}

/** The answer as bytes, pulled as the client reads. Ends however the stream ends: done, broken or cancelled. */
async function* encodeText(
  answer: AsyncIterable<OpenAI.ChatCompletionChunk>,
  end: (error?: unknown) => void,
): AsyncGenerator<Uint8Array, void, void> {
  const encoder = new TextEncoder();
  let failure: unknown;
  try {
    for await (const { choices } of answer) {
      const text = choices[0]?.delta.content;
      if (text) yield encoder.encode(text);
    }
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    end(failure);
  }
}

/** Lets a Worker live until the work is done. Elsewhere the process lives on, and nobody waits. */
function keepAlive(c: Context, work: Promise<unknown>): void {
  try {
    c.executionCtx.waitUntil(work);
  } catch {
    // no waitUntil here: a flush never rejects, so it may run by itself
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.constructor.name : typeof error;
}
