/**
 * A `fetch` whose answers come out of memory: what is between it and its reader is all that costs.
 *
 * @module
 */

import { eventAt, said, SSE_CHUNKS } from "../chat.ts";

/** Answers whatever is asked with the events of a chat, each a chunk, as the platform's body gives them. */
export function memoryFetch(): Promise<Response> {
  let index = 0;
  const source: UnderlyingByteSource = {
    type: "bytes",
    pull(controller) {
      if (index < SSE_CHUNKS) return controller.enqueue(eventAt(index++, SSE_CHUNKS).slice());
      controller.close();
      controller.byobRequest?.respond(0);
    },
  };
  const body = new ReadableStream(source, { highWaterMark: 0 });
  const headers = { "content-type": "text/event-stream", "x-request-id": said.requestId };
  return Promise.resolve(new Response(body, { headers }));
}
