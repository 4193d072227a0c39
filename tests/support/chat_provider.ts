/** A provider that answers every call at once. */

import { type Emulator, startEmulator } from "../../src/testing/mod.ts";

/** Starts it: ids `req_1` and `chatcmpl-1`. */
export function startChatProvider(): Promise<Emulator> {
  return startEmulator({
    respond: {
      headers: { "x-request-id": "req_1", "content-type": "application/json" },
      body: '{"id":"chatcmpl-1"}',
    },
  });
}
