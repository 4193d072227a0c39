/**
 * `fetch`, with recognized calls observed.
 *
 * @module
 */

import { shield } from "../stream/shield.ts";
import { openAttempt } from "../telemetry/attempt.ts";
import { type Context, isSuppressed } from "../telemetry/scope.ts";
import { type Call, callRequest, readCall, requestFacts } from "./call.ts";
import { endOnError, type Observation, observeResponse } from "./observation.ts";
import { type Instrumentation, type InstrumentOptions, resolveInstrumentation } from "./options.ts";
import { addToCall } from "./propagate.ts";
import { followUpgrade } from "./upgrade.ts";

/** The platform's `fetch`. */
export type Fetch = typeof globalThis.fetch;

/** Wrapped functions and what they wrap, so that wrapping twice does not count twice. */
const originals = new WeakMap<Fetch, Fetch>();

/**
 * Wraps `fetch`: each call of a recognized provider leaves a span with its request ids, timing and usage, and is
 * otherwise untouched. Works with whatever tracer provider the application registered.
 *
 * The span ends when the body ends, is cancelled or fails, before the caller learns of it. So read the answer, then
 * flush: nothing is missing.
 *
 * @example An SDK through it
 * ```ts
 * import { instrumentFetch } from "@teespan/teespan/core";
 *
 * const fetch = instrumentFetch();
 * // new OpenAI({ fetch })
 * ```
 *
 * @param fetch what to wrap; a function that was wrapped before is wrapped anew, not twice
 * @param options how
 * @returns a function used like `fetch`
 * @throws {TypeError} when `fetch` is no function or an option has the wrong shape
 */
export function instrumentFetch(fetch: Fetch = globalThis.fetch, options: InstrumentOptions = {}): Fetch {
  if (typeof fetch !== "function") {
    throw new TypeError(
      `Cannot instrument fetch as it must be a function: current value is ${String(fetch)}`,
    );
  }
  return wrapFetch(fetch, resolveInstrumentation(options));
}

/** Wraps `fetch` with options that are resolved. */
export function wrapFetch(fetch: Fetch, instrumentation: Instrumentation): Fetch {
  const original = originals.get(fetch) ?? fetch;
  const wrapped = ((input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const call = readCall(input, init);
    const followed = call && shield(
      "match",
      instrumentation.onTrouble,
      () => followCall(instrumentation, call) ?? followUpgrade(instrumentation, call),
    );
    const traced = call && carryOn(instrumentation, call, followed?.context);
    const response = traced ? original(...addToCall(input, init, traced)) : original(input, init);
    return followed === undefined ? response : followed.follow(response);
  }) as Fetch;
  // what a platform hangs on its fetch (Bun's `preconnect`) stays in reach
  Object.setPrototypeOf(wrapped, original);
  originals.set(wrapped, original);
  return wrapped;
}

/** The headers that carry the trace on, if the call goes where those are wanted. */
function carryOn({ propagate, scope, onTrouble }: Instrumentation, { url }: Call, context?: Context) {
  return propagate && shield("match", onTrouble, () => propagate(url, context ?? scope.activeContext()));
}

/** A call that is recognized. */
export interface FollowedCall {
  /** The context of its attempt, if it is one. */
  readonly context?: Context;
  /** Follows it to the hand-over of its response. */
  follow(pending: Promise<Response>): Promise<Response>;
}

/** Opens the attempt of a recognized call, and gives what follows it. */
function followCall(
  { match, scope, unrecognized, onTrouble }: Instrumentation,
  call: Call,
): FollowedCall | undefined {
  const matched = match(call.method, call.url);
  if (matched === undefined) {
    if (call.method === "POST") unrecognized("POST", call.url);
    return undefined;
  }
  const parent = scope.activeContext();
  if (isSuppressed(parent)) return undefined;
  const { provider, route } = matched;
  const attempt = openAttempt(scope, {
    operation: route.operation,
    providerName: provider.genAiName ?? provider.name,
    method: call.method,
    url: call.url,
  }, parent);
  const { format } = route;
  const { requestIdHeaders } = provider;
  const observation = { attempt, format, requestIdHeaders, signal: call.signal, onTrouble };
  return { context: attempt.context, follow: (pending) => follow(observation, call, pending) };
}

/** Follows a call from its departure to the hand-over of its response. */
async function follow(observation: Observation, call: Call, pending: Promise<Response>): Promise<Response> {
  const { attempt, format, onTrouble, signal } = observation;
  // the request is on its way: what it says is read while it travels
  const request = shield("read", onTrouble, () => callRequest(call));
  shield("read", onTrouble, () => request && attempt.note(requestFacts(format, request)));
  const end = (error: unknown): void =>
    void shield("record", onTrouble, () => endOnError(attempt, error, signal));
  // not every fetch rejects in the dispatch of the abort
  const onAbort = (): void => end(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  let response: Response;
  try {
    response = await pending;
  } catch (error) {
    end(error);
    throw error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
  const observed = shield("read", onTrouble, () => observeResponse({ ...observation, request }, response));
  if (observed === undefined) shield("record", onTrouble, () => attempt.end("abandoned"));
  return observed ?? response;
}
