/**
 * Telemetry as seen from one context: what it makes are children of that, wherever it is called from.
 *
 * @module
 */

import type { Flush, FlushResult } from "./flush.ts";
import type { Instrumentation } from "./instrument/options.ts";
import { equipWith, type Instruments, instrumentsOf, type Wrapped } from "./instruments.ts";
import { openSession, type Session } from "./session.ts";
import { OwnAttempts } from "./telemetry/attempt/own_attempts.ts";
import { type TraceCarrier, traceHeaders } from "./telemetry/propagation.ts";
import type { Tracer } from "./telemetry/scope.ts";
import { belongsTo, type Context, markContext, runIn, tracerIn } from "./telemetry/scope_in.ts";
import type { SessionOptions } from "./telemetry/session/session_handle.ts";

/** Instruments as seen from one context. Need no `AsyncLocalStorage`. */
export interface ContextView extends Instruments {
  /** The context. */
  readonly context: Context;
  /** Makes spans of your own, as children of this context. */
  readonly tracer: Tracer;
  /**
   * Starts a session in this context.
   *
   * @param options its id, and what else is known of it
   * @returns a handle, to be ended wherever the conversation ends
   * @throws {TypeError} when an option has the wrong shape
   */
  startSession(options: SessionOptions): Session;
  /** Runs `fn` in the context, where the runtime carries contexts. */
  run<T>(fn: () => T): T;
  /**
   * The context as plain data, to be sent along by RPC, in a message, or in headers of your own. On the other side
   * it goes to `telemetry.within()`.
   */
  carrier(): TraceCarrier;
}

/** Telemetry as seen from one context. */
export interface TelemetryView extends ContextView {
  /**
   * Sends what has ended. Never rejects.
   *
   * @param options `deadlineMs`: how long to wait at most, 10 000 by default
   */
  flush(options?: { readonly deadlineMs?: number | undefined }): Promise<FlushResult>;
}

/** What views without sending are made of. */
export interface ContextSource {
  /** How calls are instrumented. */
  readonly instrumentation: Instrumentation;
  /** What is wrapped. */
  readonly wrapped: Wrapped;
}

/** What views of one telemetry are made of. */
export interface ViewSource extends ContextSource {
  /** Sends all. */
  readonly flush: Flush;
}

/**
 * Opens a view.
 *
 * @param quiet told, a moment later, when the last open attempt or a session ended
 */
export function openView(source: ViewSource, within: Context, quiet: () => void = () => {}): TelemetryView {
  const { view, open } = openContext(source, within, quiet);
  return Object.assign(view, {
    flush: ({ deadlineMs }: { readonly deadlineMs?: number | undefined } = {}) =>
      source.flush(open, deadlineMs),
  });
}

/** Opens a view without sending; gives the attempts that are open in it, too. */
export function openContext(
  { instrumentation, wrapped }: ContextSource,
  within: Context,
  quiet: () => void = () => {},
): { readonly view: ContextView; readonly open: OwnAttempts } {
  const { propagator, scope } = instrumentation;
  const { context, mark } = markContext(within);
  const open = new OwnAttempts(scope.open, quiet);
  // a span inside this context stays the parent; anything else gives way to the context
  const activeContext = (): Context => {
    const active = scope.activeContext();
    return belongsTo(active, mark) ? active : context;
  };
  const own: Instrumentation = { ...instrumentation, scope: { ...scope, activeContext, open } };
  const view = {
    context,
    startSession: (options: SessionOptions) => tellEnd(openSession(own, wrapped, options), quiet),
    tracer: tracerIn(scope.tracer, activeContext),
    run: <T>(fn: () => T): T => runIn(context, fn),
    carrier: () => traceHeaders(propagator, activeContext()),
  };
  return { view: equipWith(view, () => instrumentsOf(own, wrapped)), open };
}

/** A session that tells of its end. */
function tellEnd(session: Session, ended: () => void): Session {
  const { end } = session;
  const told: Session["end"] = (...all) => {
    const result = end.apply(session, all);
    ended();
    return result;
  };
  return Object.defineProperty(session, "end", { value: told, configurable: true, writable: true });
}
