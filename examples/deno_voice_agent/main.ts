/**
 * A voice agent on Deno and Deno Deploy: a caller's WebSocket brings words and gets audio back. The session is a child
 * of the request that opened the socket, and its end sends what is left.
 *
 * `OTEL_EXPORTER_OTLP_ENDPOINT=… OPENAI_API_KEY=… CARTESIA_API_KEY=… deno task voice`
 *
 * It needs the network for its providers and the collector, and to read those variables; nothing else.
 */

import { agentTelemetry } from "@teespan/teespan/hono";
import { Hono } from "hono";
import { upgradeWebSocket } from "hono/deno";
import { speakAnswer } from "../agent/turn.ts";
import { openVoice } from "../agent/voice.ts";

const app = new Hono().use(agentTelemetry({ serviceName: "deno-voice-agent" }));

app.get("/voice/:tenant", async (c, next) => {
  const session = c.var.telemetry.startSession({
    id: crypto.randomUUID(),
    name: "voice.session",
    attributes: { "tenant.id": c.req.param("tenant") },
  });
  const key = (name: string): string => Deno.env.get(name) ?? "";
  return await upgradeWebSocket(() => {
    let voice: ReturnType<typeof openVoice>;
    return {
      onOpen(_event, caller) {
        voice = openVoice(session.WebSocket, key("CARTESIA_API_KEY"), (audio) => {
          caller.send(new Uint8Array(audio));
        });
      },
      async onMessage({ data }, caller) {
        try {
          caller.send(await speakAnswer(session.fetch, key("OPENAI_API_KEY"), voice, String(data)));
        } catch (error) {
          session.end({ outcome: "error" });
          caller.close(1011, Object(error).name);
        }
      },
      onClose() {
        voice.close();
        session.end({ outcome: "success", disconnectReason: "client" });
      },
    };
  })(c, next) as Response;
});

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8000) }, app.fetch);
