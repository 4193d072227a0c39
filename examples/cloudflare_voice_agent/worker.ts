/**
 * A voice agent on Cloudflare: a Worker takes the call, a Durable Object holds it. The session is a child of the
 * Worker's request, whose context goes along as headers; its end sends what is left.
 *
 * `npx wrangler deploy`, with `wrangler.toml` beside this file and the keys as secrets.
 */

import { startTelemetry, type Telemetry } from "@teespan/teespan";
import { agentTelemetry } from "@teespan/teespan/hono";
import { DurableObject, type DurableObjectNamespace } from "cloudflare:workers";
import { Hono } from "hono";
import { speakAnswer } from "../agent/turn.ts";
import { openVoice } from "../agent/voice.ts";

/** What the Worker is configured with; `OTEL_*` variables beside these say where spans go. */
interface Env {
  readonly CALLS: DurableObjectNamespace<Call>;
  readonly OPENAI_API_KEY: string;
  readonly CARTESIA_API_KEY: string;
}

const serviceName = "cloudflare-voice-agent";

const app = new Hono<{ Bindings: Env }>().use(agentTelemetry({ serviceName }));

app.get("/calls/:id", (c) => {
  const headers = new Headers(c.req.raw.headers);
  for (const [name, value] of Object.entries(c.var.telemetry.carrier())) headers.set(name, value);
  const call = c.env.CALLS.get(c.env.CALLS.idFromName(c.req.param("id")));
  return call.fetch(new Request(c.req.raw, { headers }));
});

export default app;

let telemetry: Telemetry | undefined;

/** One call. Audio goes back and forth all the time, so it stays in memory as long as its socket is open. */
export class Call extends DurableObject<Env> {
  /** Takes the caller's socket. */
  fetch(request: Request): Response {
    telemetry ??= startTelemetry({ serviceName, env: this.env });
    const { OPENAI_API_KEY, CARTESIA_API_KEY } = this.env;
    const served = telemetry.startRequest(request, { waitUntil: (work) => this.ctx.waitUntil(work) });
    const session = served.startSession({ id: crypto.randomUUID(), name: "voice.session" });
    const [client, caller] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
    const voice = openVoice(
      session.WebSocket,
      CARTESIA_API_KEY,
      (audio) => caller.send(new Uint8Array(audio)),
    );
    (caller as WebSocket & { accept(): void }).accept();
    caller.addEventListener("message", async ({ data }) => {
      try {
        caller.send(await speakAnswer(session.fetch, OPENAI_API_KEY, voice, String(data)));
      } catch (error) {
        session.end({ outcome: "error" });
        caller.close(1011, Object(error).name);
      }
    });
    caller.addEventListener("close", () => {
      voice.close();
      caller.close();
      session.end({ outcome: "success", disconnectReason: "client" });
    });
    return served.respond(new Response(null, { status: 101, webSocket: client }));
  }
}
