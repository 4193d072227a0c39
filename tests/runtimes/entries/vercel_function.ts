/** Serves the example as Vercel does: with its variables, and its `waitUntil` where that is looked for. */

import handler from "../../../examples/vercel_edge/chat.ts";

/** The part of the event that is used. */
interface FetchEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
  waitUntil(work: Promise<unknown>): void;
}

const { fetch, process: { env: { EMULATOR_URL } } } = globalThis;
const redirected = ((input: RequestInfo | URL, init?: RequestInit) => {
  const url = new URL(input instanceof Request ? input.url : input);
  if (url.hostname === "127.0.0.1") return fetch(input, init);
  return fetch(`${EMULATOR_URL}${url.pathname}${url.search}`, init);
}) as typeof globalThis.fetch;
if (EMULATOR_URL) globalThis.fetch = redirected;

addEventListener("fetch", (event) => {
  const served = event as unknown as FetchEvent;
  const waitUntil = (work: Promise<unknown>): void => served.waitUntil(work);
  Object.assign(globalThis, {
    [Symbol.for("@vercel/request-context")]: { get: () => ({ waitUntil }) },
  });
  served.respondWith(handler(served.request));
});
