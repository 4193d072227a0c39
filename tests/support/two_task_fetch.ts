/**
 * What this library does not do: a second task reads along on a branch of its own and ends the span when it is
 * through. Here to show that the tests of the single task notice the difference.
 */

import { callRequest, readCall, requestFacts } from "../../src/instrument/call.ts";
import { type InstrumentOptions, resolveInstrumentation } from "../../src/instrument/options.ts";
import { openAttempt } from "../../src/telemetry/attempt/attempt.ts";
import { targetOf } from "../../src/telemetry/attempt/target.ts";
import type { Reader } from "../../src/types.ts";

/** An instrumented `fetch` that is observed by a second task. */
export function twoTaskFetch(
  fetch: typeof globalThis.fetch,
  options: InstrumentOptions,
): typeof globalThis.fetch {
  const { match, scope } = resolveInstrumentation(options);
  return async (input, init) => {
    const call = readCall(input, init)!;
    const { provider, route } = match(call.method, call.url)!;
    const { operation, format } = route;
    const { method, url } = call;
    const attempt = openAttempt(
      scope,
      { operation, providerName: provider.name, method, target: targetOf(url) },
      scope.activeContext(),
    );
    attempt.note(requestFacts(format, callRequest(call)));
    const response = await fetch(input, init);
    attempt.respond(response.status);
    const [own, observed] = response.body!.tee();
    readAlong(observed, format.read(response, attempt)).then(() => attempt.end("success"));
    return new Response(own, response);
  };
}

async function readAlong(body: ReadableStream<Uint8Array>, reader: Reader): Promise<void> {
  for await (const chunk of body) reader.push(chunk);
  reader.end();
}
