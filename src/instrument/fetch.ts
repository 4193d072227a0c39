/**
 * `fetch`, with recognized calls observed.
 *
 * @module
 */

import { shield } from "../stream/shield.ts";
import { homeOf } from "../telemetry/group.ts";
import type { Context } from "../telemetry/scope.ts";
import { type Call, readCall } from "./call.ts";
import { followCall, type FollowedCall, type FollowUpgrade, openCall } from "./follow.ts";
import { observeResponse } from "./observation.ts";
import {
  checkFunction,
  type Instrumentation,
  type InstrumentOptions,
  resolveInstrumentation,
} from "./options.ts";
import { addToCall } from "./propagate.ts";

/** The platform's `fetch`. */
export type Fetch = typeof globalThis.fetch;

/** How `fetch` is instrumented. */
export interface FetchOptions extends InstrumentOptions {
  /**
   * Observes sockets that `fetch` opens, as in Workers: `followUpgrade` of `@teespan/teespan/core`.
   *
   * @default none, so that what reads sockets is in no bundle that has none
   */
  readonly followUpgrade?: FollowUpgrade | undefined;
}

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
 * import { openai } from "@teespan/teespan/providers/openai";
 *
 * const fetch = instrumentFetch(globalThis.fetch, { providers: [openai] });
 * // new OpenAI({ fetch })
 * ```
 *
 * @param fetch what to wrap; a function that was wrapped before is wrapped anew, not twice
 * @param options how
 * @returns a function used like `fetch`
 * @throws {TypeError} when `fetch` is no function or an option has the wrong shape
 */
export function instrumentFetch(fetch: Fetch = globalThis.fetch, options: FetchOptions): Fetch {
  if (typeof fetch !== "function") {
    throw new TypeError(
      `Cannot instrument fetch as it must be a function: current value is ${String(fetch)}`,
    );
  }
  const instrumentation = resolveInstrumentation(options);
  const { followUpgrade } = options;
  if (followUpgrade !== undefined) checkFunction("followUpgrade", followUpgrade);
  return wrapFetch(fetch, instrumentation, followUpgrade);
}

/** Wraps `fetch` with options that are resolved. */
export function wrapFetch(
  fetch: Fetch,
  instrumentation: Instrumentation,
  followUpgrade: FollowUpgrade = () => undefined,
): Fetch {
  const original = originals.get(fetch) ?? fetch;
  const wrapped = ((input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const call = readCall(input, init);
    const followed = call && shield(
      "match",
      instrumentation.onTrouble,
      () => follow(instrumentation, call) ?? followUpgrade(instrumentation, call),
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
  return propagate &&
    shield("match", onTrouble, () => propagate(url, context ?? homeOf(scope.activeContext(), scope.home)));
}

/** Opens the attempt of a recognized call, and gives what follows it. */
function follow(instrumentation: Instrumentation, call: Call): FollowedCall | undefined {
  const observation = openCall(instrumentation, call);
  return observation && {
    get context() {
      return observation.attempt.context;
    },
    follow: (pending) => followCall(observation, call, pending, observeResponse),
  };
}
