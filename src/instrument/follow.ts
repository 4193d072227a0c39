/**
 * What follows a call from its departure to the hand-over of its answer, whatever makes it.
 *
 * @module
 */

import { shield } from "../stream/shield.ts";
import { openAttempt } from "../telemetry/attempt/attempt.ts";
import { targetOf } from "../telemetry/attempt/target.ts";
import { parentOf } from "../telemetry/group.ts";
import { type Context, isSuppressed } from "../telemetry/scope.ts";
import { type Call, callRequest, requestFacts } from "./call.ts";
import { endOnError, type Observation } from "./observation.ts";
import type { Instrumentation } from "./options.ts";
import { tellWords } from "./words.ts";

/** A call that is recognized. */
export interface FollowedCall {
  /** The context of its attempt, if it is one. */
  readonly context?: Context;
  /** Follows it to the hand-over of its response. */
  follow(pending: Promise<Response>): Promise<Response>;
}

/** Gives what follows a call that opens a socket to a provider that is known. */
export type FollowUpgrade = (instrumentation: Instrumentation, call: Call) => FollowedCall | undefined;

/** Opens the attempt of a recognized call; `undefined` for any other. */
export function openCall(
  { match, scope, unrecognized, onTrouble }: Instrumentation,
  call: Call,
): Observation | undefined {
  const matched = match(call.method, call.url);
  if (matched === undefined) {
    if (call.method === "POST" && !isSuppressed(scope.activeContext())) unrecognized("POST", call.url);
    return undefined;
  }
  const active = scope.activeContext();
  if (isSuppressed(active)) return undefined;
  const { provider, route } = matched;
  const attempt = openAttempt(scope, {
    operation: route.operation,
    providerName: provider.genAiName ?? provider.name,
    method: call.method,
    target: targetOf(call.url),
  }, parentOf(active, scope.home, route.operation));
  const { requestIdHeaders } = provider;
  return { attempt, format: route.format, requestIdHeaders, signal: call.signal, onTrouble };
}

/** Follows a call; `observe` gives what is handed over in place of the answer. */
export async function followCall<Answer>(
  observation: Observation,
  call: Call,
  pending: Promise<Answer>,
  observe: (observation: Observation, answer: Answer) => Answer,
): Promise<Answer> {
  const { attempt, format, onTrouble, signal } = observation;
  // the request is on its way: what it says is read while it travels
  const request = shield("read", onTrouble, () => callRequest(call));
  shield("read", onTrouble, () => request && attempt.note(requestFacts(format, request)));
  shield("read", onTrouble, () => request && tellWords(attempt, format, request));
  const end = (error: unknown): void =>
    void shield("record", onTrouble, () => endOnError(attempt, error, signal));
  // not everything that makes calls rejects in the dispatch of the abort
  const onAbort = (): void => end(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  let answer: Answer;
  try {
    answer = await pending;
  } catch (error) {
    end(error);
    throw error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
  const observed = shield("read", onTrouble, () => observe({ ...observation, request }, answer));
  if (observed === undefined) shield("record", onTrouble, () => attempt.end("abandoned"));
  return observed ?? answer;
}
