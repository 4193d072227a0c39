/** The suite in Vercel's edge runtime. */

import { handle } from "./handler.ts";

addEventListener("fetch", (event) => {
  const { request, respondWith } = event as unknown as FetchEvent;
  respondWith.call(event, handle(request));
});

/** The part of the event that is used. */
interface FetchEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
