/**
 * A voice agent at the edge: a caller's WebSocket brings speech and gets speech back. Deepgram listens, OpenAI answers
 * through the official SDK, Cartesia speaks, and Anthropic chooses the tone at the start. All that telemetry takes is a
 * session, its `fetch` and `WebSocket`, its turns, and a flush at the end.
 *
 * Nothing here is of one runtime: cloudflare.ts makes a Worker of it, demo.ts runs it in Deno.
 */

import { type AttemptRecord, type SessionSummary, startTelemetry, type Telemetry } from "@teespan/teespan";
import { type Context, Hono } from "hono";
import type { UpgradeWebSocket, WSContext } from "hono/ws";
import { type Call, type Keys, takeCall } from "./call.ts";

/** What the agent is connected to. */
export interface AgentOptions {
  /** Takes a WebSocket, as the runtime does that. */
  readonly upgradeWebSocket: UpgradeWebSocket;
  /** @default telemetry of its own */
  readonly telemetry?: Telemetry | undefined;
  /** Told at the end of a call what it called and what it came to, such as for a log. */
  readonly report?: ((attempts: readonly AttemptRecord[], summary: SessionSummary) => void) | undefined;
}

/** Makes the agent. Keep it between requests: telemetry is started once. `OTEL_*` in `env` says where spans go. */
export function createAgent(env: Keys, options: AgentOptions): Hono {
  const {
    upgradeWebSocket,
    telemetry = startTelemetry({ serviceName: "edge-agent", env }),
    report = () => {},
  } = options;
  const app = new Hono();

  app.get(
    "/call",
    upgradeWebSocket((c) => {
      const session = telemetry.startSession({
        id: crypto.randomUUID(),
        name: "voice.session",
        attributes: { "tenant.id": "acme" },
      });
      let call: Call | undefined;
      let outcome = "success";
      // Workers tell of no opening: there the first piece of audio does
      const take = (socket: WSContext): Call =>
        call ??= takeCall(session, env, {
          play: (audio) => socket.send(new Uint8Array(audio)),
          signal: (signal) => socket.send(JSON.stringify(signal)),
          fail(error) {
            outcome = "error";
            socket.close(1011, Object(error).name);
          },
        });
      return {
        onOpen: (_event, socket) => void take(socket),
        async onMessage({ data }, socket) {
          if (typeof data === "string") return;
          const taken = take(socket);
          // Workers hand over Blobs
          taken.hear(new Uint8Array(data instanceof Blob ? await data.arrayBuffer() : data as ArrayBuffer));
        },
        async onClose() {
          await call?.hangUp();
          const summary = session.end({
            outcome,
            disconnectReason: outcome === "error" ? outcome : "client",
          });
          report(session.attempts(), summary);
          keepAlive(c, telemetry.flush());
        },
      };
    }),
  );

  return app;
}

/** Lets a Worker live until the work is done. Elsewhere the process lives on, and nobody waits. */
function keepAlive(c: Context, work: Promise<unknown>): void {
  try {
    c.executionCtx.waitUntil(work);
  } catch {
    // no waitUntil here: a flush never rejects, so it may run by itself
  }
}
