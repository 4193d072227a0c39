/**
 * A request that is served: its span, and telemetry as seen from it.
 *
 * @module
 */

import { platformWaitUntil } from "./otlp/wait_until.ts";
import { replaceBody } from "./stream/response.ts";
import { shield } from "./stream/shield.ts";
import { teeBody } from "./stream/tee.ts";
import type { Outcome } from "./telemetry/attempt/attempt_state.ts";
import { contextFromHeaders, hasLocalSpan, type TraceCarrier } from "./telemetry/propagation.ts";
import type { Context, Span } from "./telemetry/scope_in.ts";
import { NO_SERVER_SPAN, openServerSpan } from "./telemetry/server_span.ts";
import { openView, type TelemetryView, type ViewSource } from "./view.ts";

/** What is known of a request before it is served. */
export interface RequestOptions {
  /**
   * The pattern that its path fits, such as `/chat/:id`: part of the span's name. Where it is known only later, it
   * goes to {@linkcode RequestTelemetry.respond}.
   */
  readonly route?: string | undefined;
  /**
   * Keeps the isolate alive until what has ended is sent.
   *
   * @default that of Vercel or Supabase where there is one; else sending goes on beside
   */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined;
  /**
   * The parent of its span.
   *
   * @default the active span; without one what the request's `traceparent` says
   */
  readonly parent?: Context | undefined;
}

/** What is known of the answer besides itself. */
export interface AnswerOptions {
  /** The pattern that the path fits. */
  readonly route?: string | undefined;
  /** What the handler threw, if the answer tells of that. */
  readonly error?: unknown;
}

/** Telemetry as seen from one request that is served. */
export interface RequestTelemetry extends TelemetryView {
  /** The request's span, for attributes of your own. */
  readonly span: Span;
  /**
   * Watches the answer: the span ends when its body does, or is cancelled or fails, and then all is sent, without
   * delaying the answer.
   *
   * @param response the answer
   * @param about what else is known of it
   * @returns the same answer, to be given to the platform
   */
  respond(response: Response, about?: AnswerOptions): Response;
  /**
   * Ends the span of a request that got no answer.
   *
   * @param error what was thrown
   */
  fail(error: unknown): void;
}

/** Telemetry as seen from somewhere. */
export interface TelemetryViews {
  /**
   * Telemetry as seen from a context: what it makes are children of that, wherever it is called from. For runtimes
   * without `AsyncLocalStorage`, and for contexts that came by RPC or in a message.
   *
   * @param context a context, or the plain data that `carrier()` gave on the other side
   * @returns the view; it needs no end
   * @throws {TypeError} when it is neither
   */
  within(context: Context | TraceCarrier): TelemetryView;
  /**
   * Starts the span of a request that is served, as a child of what its `traceparent` says. With Hono, the
   * middleware does that.
   *
   * @param request the request
   * @param options its route, and what keeps the isolate alive
   * @returns telemetry as seen from the request; its `respond()` takes the answer
   */
  startRequest(request: Request, options?: RequestOptions): RequestTelemetry;
}

/** Starts the span of a request. */
export function openRequest(
  source: ViewSource,
  request: Request,
  { route, waitUntil, parent }: RequestOptions = {},
): RequestTelemetry {
  const { propagator, scope, onTrouble } = source.instrumentation;
  // samplers and propagators can be the user's
  const server = shield("record", onTrouble, () => {
    const active = scope.activeContext();
    const within = parent ??
      (hasLocalSpan(active) ? active : contextFromHeaders(propagator, request.headers));
    return openServerSpan(scope, request, within);
  }) ?? NO_SERVER_SPAN;
  const keepAlive = waitUntil ?? platformWaitUntil() ?? ((): void => {});
  let over = false;

  const view = openView(source, server.context, send);

  /** Sends what has ended, once the request is over; what outlives it sends again. */
  function send(): void {
    if (!over) return;
    // a moment later: who told is about to end a span
    const sent = Promise.resolve().then(() => view.flush());
    shield("export", onTrouble, () => keepAlive(sent));
  }

  function end(outcome: Outcome, error?: unknown): void {
    if (over) return;
    over = true;
    shield("record", onTrouble, () => server.end(outcome, error));
    send();
  }

  return Object.assign(view, {
    span: server.span,
    respond(response: Response, about: AnswerOptions = {}): Response {
      const { status } = response;
      shield("record", onTrouble, () => server.answer({ route, ...about, status }));
      const watched = request.method === "HEAD" ? undefined : shield(
        "read",
        onTrouble,
        () => watchBody(response, end),
      );
      if (watched === undefined) end("success");
      return watched ?? response;
    },
    fail: (error: unknown) => end("error", error),
  });
}

/** Gives the answer a body whose end is seen; `undefined` where it has none. */
function watchBody(response: Response, end: EndRequest): Response | undefined {
  const { body } = response;
  if (body === null) return undefined;
  const watched = teeBody(body, {
    chunk() {},
    end: () => end("success"),
    cancel: () => end("cancelled"),
    error: (reason) => end("error", reason),
  });
  unreadBodies?.register(watched, end);
  // what was fetched is already decoded, what was made here is as its headers say
  return response.url === "" ? new Response(watched, response) : replaceBody(response, watched);
}

type EndRequest = (outcome: Outcome, error?: unknown) => void;

/** An answer that nobody reads any more ends its request. */
const unreadBodies = typeof FinalizationRegistry === "function"
  ? new FinalizationRegistry<EndRequest>((end) => end("abandoned"))
  : undefined;
