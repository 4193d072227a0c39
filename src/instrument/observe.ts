/**
 * Calls that pass no `fetch`: a platform's binding, a library with a transport of its own.
 *
 * @module
 */

import { shield } from "../stream/shield.ts";
import { openAttempt } from "../telemetry/attempt/attempt.ts";
import { parentOf } from "../telemetry/group.ts";
import type { CallRequest, JsonFormat, Operation, ProviderName } from "../types.ts";
import { asSignal, NO_HEADERS } from "./call.ts";
import { endOnError, type Observation, observeBody, observeResponse } from "./observation.ts";
import type { Instrumentation } from "./options.ts";
import { tellWords } from "./words.ts";

/** A call that is observed by hand. */
export interface ObservedCall {
  /** What it does. */
  readonly operation: Operation;
  /** Whose it is, as `gen_ai.provider.name`. */
  readonly provider: ProviderName;
  /** How what comes back is read. */
  readonly format: JsonFormat;
  /** The model that is asked for. */
  readonly model?: string | undefined;
  /** What is asked, as the provider takes it: an object whose prompt is recorded where `content` says so. */
  readonly input?: unknown;
  /** What aborts it. */
  readonly signal?: AbortSignal | undefined;
}

/** Makes a call and observes what comes back, in the same way as `fetch`. */
export async function observeCall<T>(
  { scope, onTrouble }: Instrumentation,
  call: ObservedCall,
  run: () => T | Promise<T>,
): Promise<T> {
  const { operation, provider, format, model, input: json } = call;
  const signal = asSignal(call.signal);
  const observation = shield("match", onTrouble, (): Observation => {
    const attempt = openAttempt(
      scope,
      { operation, providerName: provider },
      parentOf(scope.activeContext(), scope.home, operation),
    );
    return { attempt, format, requestIdHeaders: [], signal, onTrouble };
  });
  if (observation === undefined) return await run();
  const { attempt } = observation;
  const request = requestOf(json);
  shield("read", onTrouble, () => attempt.note({ ...format.request(request), requestModel: model }));
  shield("read", onTrouble, () => tellWords(attempt, format, request));
  let result: T;
  try {
    result = await run();
  } catch (error) {
    shield("record", onTrouble, () => endOnError(attempt, error, signal));
    throw error;
  }
  return shield("read", onTrouble, () => observeResult(observation, format, result)) ?? result;
}

/** A binding's call has neither URL nor headers to look at. */
function requestOf(json: unknown): CallRequest {
  return { url: new URL("binding:"), headers: NO_HEADERS, json };
}

function observeResult<T>(observation: Observation, format: JsonFormat, result: T): T {
  const { attempt } = observation;
  if (result instanceof Response) return observeResponse(observation, result) as T;
  if (result instanceof ReadableStream) {
    return observeBody(observation, result, format.read(NO_RESPONSE, attempt)) as T;
  }
  format.open(attempt).document(result);
  attempt.end("success");
  return result;
}

/** A stream without headers: its bytes say what it is. */
const NO_RESPONSE = { status: 200, headers: NO_HEADERS };
