/** A socket that Hono upgrades in Bun, with a session. The collector's URL is the argument; the port goes out. */

import process from "node:process";
import { agentTelemetry } from "@teespan/teespan/hono";
import { Hono } from "hono";
import { upgradeWebSocket, websocket } from "hono/bun";

const options = { serviceName: "socket", endpoint: process.argv[2]!, exportIntervalMs: false } as const;
const app = new Hono().use(agentTelemetry({ ...options, metricIntervalMs: false }));
app.get("/voice", async (c, next) => {
  const session = c.var.telemetry.startSession({ id: "call-1", name: "voice.session" });
  return await upgradeWebSocket(() => ({
    async onMessage({ data }, socket) {
      await session.operation("answer", () => socket.send(String(data)));
    },
    onClose: () => session.end({ outcome: "success" }),
  }))(c, next) as Response;
});

const { Bun } = globalThis as unknown as {
  readonly Bun: { serve(options: object): { readonly port: number } };
};
const { port } = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: app.fetch, websocket });
process.stdout.write(`${JSON.stringify({ port })}\n`);
