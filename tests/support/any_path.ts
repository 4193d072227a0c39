/** A receiver behind paths of any kind: backends have their own. */

import type { Receiver } from "../../src/testing/mod.ts";
import { startReceiver } from "./strict_receiver.ts";

/** One request as it came. */
export interface PathRequest {
  readonly path: string;
  readonly headers: Headers;
}

/** A receiver whose requests come by way of paths of any kind. */
export interface AnyPathReceiver extends AsyncDisposable {
  /** Its address, without a path. */
  readonly url: string;
  /** What came, by path. */
  readonly requests: readonly PathRequest[];
  /** The receiver behind it. */
  readonly receiver: Receiver;
}

/** Starts one. What a path names decides whether its bodies are read as traces or as metrics. */
export async function startAnyPath(): Promise<AnyPathReceiver> {
  const receiver = await startReceiver();
  const requests: PathRequest[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    requests.push({ path: pathname, headers: request.headers });
    const signal = pathname.includes("metrics") ? "metrics" : "traces";
    const headers = new Headers(request.headers);
    headers.delete("host");
    const body = await request.arrayBuffer();
    return await fetch(`${receiver.url}/v1/${signal}`, { method: "POST", headers, body });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests,
    receiver,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await receiver.close();
    },
  };
}
