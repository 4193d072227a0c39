/**
 * A voice agent on Cloudflare: a Worker takes the call, a Durable Object holds it. The session is a child of the
 * Worker's request, whose context goes along as headers; while nobody asks anything it sleeps in the caller's socket.
 *
 * `deno task cloudflare` serves it on this machine, keys and `OTEL_*` come from the environment; `npx wrangler deploy`
 * on Cloudflare, with `wrangler.toml` beside this file and the keys as secrets.
 */

import { type Session, type SessionEnd, startTelemetry, type Telemetry } from "@teespan/teespan";
import { agentTelemetry } from "@teespan/teespan/hono";
import { DurableObject, type DurableObjectNamespace, type HibernatableSocket } from "cloudflare:workers";
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

/** The code of a connection that ended without a close frame. */
const ABNORMAL_CLOSURE = 1006;

const BROKEN: SessionEnd = { outcome: "error", disconnectReason: "broken" };

let telemetry: Telemetry | undefined;

/** A call that is being answered. */
interface OpenCall {
  readonly session: Session;
  /** Questions whose answers still come. */
  questions: number;
}

/**
 * One call. Between questions its session is suspended into the attachment of the caller's socket, so that the object
 * can leave memory, and go on with the same span when the next one comes. A socket to a provider would keep it there:
 * so the voice has one for each answer. Where audio goes back and forth all the time, keep both open instead.
 */
export class Call extends DurableObject<Env> {
  readonly #open = new Map<HibernatableSocket, OpenCall>();

  get #telemetry(): Telemetry {
    return telemetry ??= startTelemetry({ serviceName, env: this.env });
  }

  /** Takes the caller's socket. */
  fetch(request: Request): Response {
    const served = this.#telemetry.startRequest(request, { waitUntil: (work) => this.ctx.waitUntil(work) });
    const session = served.startSession({ id: crypto.randomUUID(), name: "voice.session" });
    const [client, caller] = Object.values(new WebSocketPair()) as [WebSocket, HibernatableSocket];
    this.ctx.acceptWebSocket(caller);
    caller.serializeAttachment(session.suspend());
    return served.respond(new Response(null, { status: 101, webSocket: client }));
  }

  /** Answers a question, perhaps in another life than the one before. */
  async webSocketMessage(caller: HibernatableSocket, question: string | ArrayBuffer): Promise<void> {
    const call = this.#wake(caller);
    if (call === undefined) return;
    call.questions++;
    try {
      caller.send(await this.#answer(call.session, caller, String(question)));
    } catch (error) {
      this.#end(caller, { outcome: "error" });
      caller.close(1011, Object(error).name);
    } finally {
      call.questions--;
      if (call.questions === 0 && this.#open.delete(caller)) {
        caller.serializeAttachment(call.session.suspend());
      }
      this.ctx.waitUntil(this.#telemetry.flush());
    }
  }

  /** The caller hung up, or the line broke: then it closes without a word. */
  webSocketClose(caller: HibernatableSocket, code: number): void {
    const broken = code === ABNORMAL_CLOSURE;
    this.#end(caller, broken ? BROKEN : { outcome: "success", disconnectReason: "client" });
    caller.close();
  }

  /** What came is no WebSocket's. */
  webSocketError(caller: HibernatableSocket): void {
    this.#end(caller, BROKEN);
  }

  async #answer(
    { WebSocket, fetch }: Session,
    caller: HibernatableSocket,
    question: string,
  ): Promise<string> {
    const { OPENAI_API_KEY, CARTESIA_API_KEY } = this.env;
    const voice = openVoice(WebSocket, CARTESIA_API_KEY, (audio) => caller.send(new Uint8Array(audio)));
    try {
      return await speakAnswer(fetch, OPENAI_API_KEY, voice, question);
    } finally {
      voice.close();
    }
  }

  /** The call of that socket, resumed if it is suspended; `undefined` after its end. */
  #wake(caller: HibernatableSocket): OpenCall | undefined {
    const suspended = caller.deserializeAttachment();
    if (typeof suspended !== "string") return undefined;
    const call = this.#open.get(caller) ??
      { session: this.#telemetry.resumeSession(suspended), questions: 0 };
    this.#open.set(caller, call);
    return call;
  }

  #end(caller: HibernatableSocket, end: SessionEnd): void {
    this.#wake(caller)?.session.end(end);
    this.#open.delete(caller);
    caller.serializeAttachment(null);
    this.ctx.waitUntil(this.#telemetry.flush());
  }
}
