/**
 * A voice agent at the edge: `POST /chat` greets over a Cartesia socket while Anthropic chooses a tone by plain `fetch`,
 * then streams OpenAI's answer through the official SDK, as text to the caller and sentence by sentence to the socket.
 * All that telemetry takes is a session, its `fetch` and `WebSocket`, and a flush at the end.
 *
 * On Cloudflare Workers, with `let agent`, since telemetry is started once:
 * `export default { fetch: (request, env, ctx) => (agent ??= createAgent(env)).fetch(request, env, ctx) }`
 */

import { type AttemptRecord, type Fetch, startTelemetry, type Telemetry } from "@teespan/teespan";
import { type Context, Hono } from "hono";
import OpenAI from "openai";
import { openVoice, type Play, type Segment } from "./voice.ts";

/** What the agent is configured with; `OTEL_*` variables beside these say where spans go. */
export interface AgentEnv {
  readonly OPENAI_API_KEY: string;
  readonly ANTHROPIC_API_KEY: string;
  readonly CARTESIA_API_KEY: string;
}

/** What the agent is connected to. */
export interface AgentOptions {
  /** @default telemetry of its own */
  readonly telemetry?: Telemetry | undefined;
  /** Where its audio goes: into a room, down a phone line. */
  readonly play?: Play | undefined;
  /** Told at the end of a session what it called, such as for a log. */
  readonly report?: ((attempts: readonly AttemptRecord[]) => void) | undefined;
}

type Outcome = "success" | "error" | "cancelled";

const GREETING = "Good question, let me think.";
const TONES = ["plain", "playful", "formal"];

/** Makes the agent. Keep it between requests: telemetry is started once. */
export function createAgent(env: AgentEnv, options: AgentOptions = {}): Hono {
  const {
    telemetry = startTelemetry({ serviceName: "edge-agent", env }),
    play = () => {},
    report = () => {},
  } = options;
  const app = new Hono();

  app.post("/chat", async (c) => {
    const session = telemetry.startSession({
      id: crypto.randomUUID(),
      name: "voice.session",
      attributes: { "tenant.id": "acme" },
    });
    const voice = openVoice(session.WebSocket, env.CARTESIA_API_KEY, play);
    const end = (outcome: Outcome): void => {
      voice.close();
      session.end({ outcome });
      report(session.attempts());
      keepAlive(c, telemetry.flush());
    };
    try {
      const question = await c.req.text();
      const [tone] = await Promise.all([
        chooseTone(session.fetch, env.ANTHROPIC_API_KEY, question),
        session.operation("voice.deliver_initial_greeting", () => {
          const greeting = voice.begin();
          greeting.say(GREETING);
          return greeting.end();
        }),
      ]);
      const openai = new OpenAI({
        apiKey: env.OPENAI_API_KEY,
        baseURL: "https://api.openai.com/v1",
        fetch: session.fetch,
      });
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
      return c.body(ReadableStream.from(speakAnswer(answer, voice.begin(), end)), 200, {
        "content-type": "text/plain; charset=utf-8",
      });
    } catch (error) {
      end("error");
      return c.text(error instanceof Error ? error.message : String(error), 502);
    }
  });

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

/** The answer as bytes, pulled as the client reads, and spoken meanwhile. Ends however the stream ends. */
async function* speakAnswer(
  answer: AsyncIterable<OpenAI.ChatCompletionChunk>,
  segment: Segment,
  end: (outcome: Outcome) => void,
): AsyncGenerator<Uint8Array, void, void> {
  const encoder = new TextEncoder();
  let outcome: Outcome = "cancelled";
  try {
    for await (const { choices } of answer) {
      const text = choices[0]?.delta.content;
      if (!text) continue;
      segment.say(text);
      yield encoder.encode(text);
    }
    await segment.end();
    outcome = "success";
  } catch (error) {
    outcome = "error";
    throw error;
  } finally {
    end(outcome);
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
