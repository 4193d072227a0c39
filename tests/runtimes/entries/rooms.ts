/** A Worker and a Durable Object with a socket that hibernates. */

import { startTelemetry, type Telemetry, type TraceCarrier } from "@teespan/teespan";
import { agentTelemetry } from "@teespan/teespan/hono";
import {
  DurableObject,
  type DurableObjectNamespace,
  type ExecutionContext,
  type HibernatableSocket,
} from "cloudflare:workers";
import { Hono } from "hono";

/** What the Worker is given. */
interface Env {
  readonly ROOMS: DurableObjectNamespace<Room>;
  readonly PROVIDER: string;
  readonly OTEL_EXPORTER_OTLP_ENDPOINT: string;
}

/** `fetch` that leads to the emulated provider. */
function toProvider(base: string): typeof fetch {
  return ((input: RequestInfo | URL, init?: RequestInit) => {
    const { pathname, search } = new URL(String(input));
    return fetch(`${base}${pathname}${search}`, init);
  }) as typeof fetch;
}

const ASK = "https://api.openai.com/v1/chat/completions?scenario=whole&service=rooms";
const CALL = { method: "POST", body: "{}" };

let telemetry: Telemetry | undefined;

const app = new Hono<{ Bindings: Env }>()
  .use(agentTelemetry((env: Env) => ({ serviceName: "rooms", fetch: toProvider(env.PROVIDER) })))
  .post("/rooms/:name/ask", async (c) => {
    const room = c.env.ROOMS.get(c.env.ROOMS.idFromName(c.req.param("name")));
    return c.text(await room.ask(c.var.telemetry.carrier()));
  })
  .get("/rooms/:name", (c) => {
    const room = c.env.ROOMS.get(c.env.ROOMS.idFromName(c.req.param("name")));
    const headers = new Headers(c.req.raw.headers);
    for (const [name, value] of Object.entries(c.var.telemetry.carrier())) headers.set(name, value);
    return room.fetch(new Request(c.req.raw, { headers }));
  });

/** A request for whose exports nobody waits: they go with it. */
function serveCarelessly(env: Env): Response {
  telemetry ??= startRooms(env);
  telemetry.tracer.startSpan("careless").end();
  void telemetry.flush();
  return new Response("done");
}

export default {
  fetch: (request: Request, env: Env, ctx: ExecutionContext): Response | Promise<Response> =>
    request.url.endsWith("/careless") ? serveCarelessly(env) : app.fetch(request, env, ctx),
};

function startRooms(env: Env): Telemetry {
  return startTelemetry({ serviceName: "rooms", env, fetch: toProvider(env.PROVIDER) });
}

/** Holds sockets; says which of its lives it is in. */
export class Room extends DurableObject<Env> {
  readonly #life = crypto.randomUUID();

  get #telemetry(): Telemetry {
    return telemetry ??= startRooms(this.env);
  }

  /** Called by RPC, with the caller's context. */
  async ask(carrier: TraceCarrier): Promise<string> {
    const answer = await this.#telemetry.within(carrier).fetch(ASK, CALL);
    const text = await answer.text();
    this.ctx.waitUntil(this.#telemetry.flush());
    return text;
  }

  /** Opens a socket whose messages belong to the trace that opened it. */
  fetch(request: Request): Response {
    const served = this.#telemetry.startRequest(request, { waitUntil: (work) => this.ctx.waitUntil(work) });
    const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, HibernatableSocket];
    this.ctx.acceptWebSocket(server);
    server.serializeAttachment(served.carrier()); // a session that is suspended goes here, too
    return served.respond(new Response(null, { status: 101, webSocket: client }));
  }

  /** Asks a provider, or does what keeps an object awake. */
  async webSocketMessage(socket: HibernatableSocket, message: string): Promise<void> {
    if (message === "hold") setInterval(() => {}, 1000);
    if (message === "ask") {
      const view = this.#telemetry.within(socket.deserializeAttachment() as TraceCarrier);
      await (await view.fetch(ASK, CALL)).text();
      this.ctx.waitUntil(view.flush());
    }
    socket.send(this.#life);
  }
}
