import type { EmulatedResponse } from "./emulated_response.ts";
import { HOST_HEADER, openExchange, readRequest, sendResponse } from "./exchange.ts";
import { type ListenOptions, startHttpServer } from "./http_server.ts";
import type { SeenRequest } from "./seen_request.ts";

/** What an emulator answers, and where it listens. */
export interface EmulatorOptions extends ListenOptions {
  /**
   * The answer to all requests; or a list of answers in order, of which the last one repeats; or a function
   * from request to answer. When that function throws, the answer has status 500 and says why.
   */
  readonly respond:
    | EmulatedResponse
    | readonly EmulatedResponse[]
    | ((request: SeenRequest) => EmulatedResponse | Promise<EmulatedResponse>);
}

/** A running provider emulator. */
export interface Emulator extends AsyncDisposable {
  /** Base URL without a path, such as `http://127.0.0.1:4321`. */
  readonly url: string;
  /** The port it listens on. */
  readonly port: number;
  /** All requests so far, in the order of arrival. */
  readonly requests: readonly SeenRequest[];
  /**
   * A `fetch` that sends calls for any host to this emulator and keeps method, headers, body, signal, path
   * and query. The original host is sent as the header `x-emulated-host`.
   */
  readonly fetch: typeof globalThis.fetch;
  /** Destroys all connections and stops listening; a second call is harmless. */
  close(): Promise<void>;
}

/**
 * Starts a server that plays a provider over real HTTP: with its chunks, its pace and its faults.
 *
 * @example A provider that refuses once, then answers
 * ```ts
 * import { startEmulator } from "@teespan/teespan/testing";
 *
 * const emulator = await startEmulator({
 *   respond: [
 *     { status: 429, headers: { "x-request-id": "req_1", "retry-after": "1" }, body: "{}" },
 *     { headers: { "x-request-id": "req_2" }, body: ["data: one\n\n", "data: two\n\n"], paceMs: 10 },
 *   ],
 * });
 * const url = "https://api.openai.com/v1/responses";
 * const refused = await emulator.fetch(url, { method: "POST", body: "{}" });
 * const answer = await emulator.fetch(url, { method: "POST", body: "{}" });
 * console.log(refused.status, await refused.text(), answer.status, await answer.text());
 * console.log(emulator.requests[1]?.host, emulator.requests[1]?.chunksSent);
 * await emulator.close();
 * ```
 *
 * @param options the answers, and where to listen: any free port of the loopback address unless given
 * @returns the emulator, listening
 * @throws {TypeError} when there is no answer or the hostname is empty
 * @throws {RangeError} when the port is out of bounds
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const respond = responder(options.respond);
  const requests: SeenRequest[] = [];
  // Taken at the start, so that a global fetch that is instrumented later does not see the calls a second
  // time.
  const fetch = globalThis.fetch;
  let closing = false;
  const server = await startHttpServer("the emulator", options, async (request, response) => {
    const exchange = openExchange(requests.length, server.url, request, response, () => closing);
    requests.push(exchange.seen);
    await readRequest(exchange);
    const answer = await respond(exchange.seen);
    try {
      await sendResponse(exchange, answer);
    } catch (error) {
      // A body that throws, or an answer that cannot be sent: the client sees a broken connection.
      exchange.seen.outcome = "fault";
      throw error;
    }
  });
  const close = (): Promise<void> => {
    closing = true;
    return server.close();
  };
  return {
    url: server.url,
    port: server.port,
    requests,
    fetch: (input: RequestInfo | URL, init?: RequestInit) => fetch(...redirectTo(server.url, input, init)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function responder(
  respond: EmulatorOptions["respond"],
): (request: SeenRequest) => EmulatedResponse | Promise<EmulatedResponse> {
  if (typeof respond === "function") {
    return async (request) => {
      try {
        return await respond(request);
      } catch (error) {
        return { status: 500, headers: { "content-type": "text/plain" }, body: `Cannot respond: ${error}` };
      }
    };
  }
  const answers = (Array.isArray(respond) ? respond : [respond]) as readonly EmulatedResponse[];
  const last = answers.at(-1);
  if (typeof last !== "object" || last === null) {
    throw new TypeError(
      "Cannot start the emulator as respond must be an answer, a list of at least one, or a function",
    );
  }
  return ({ index }) => answers[index] ?? last;
}

/** The same call with the emulator in the place of its host. */
function redirectTo(
  base: string,
  input: RequestInfo | URL,
  init: RequestInit | undefined,
): [string, RequestInit] {
  const request = input instanceof Request ? new Request(input, init) : undefined;
  const url = new URL(request?.url ?? String(input));
  const headers = new Headers(request?.headers ?? init?.headers);
  headers.set(HOST_HEADER, url.host);
  const target = base + url.pathname + url.search;
  if (request === undefined) return [target, { ...init, headers }];
  const { method, body, signal, redirect } = request;
  // A body that is a stream must say that it is sent before the answer is read.
  const streamed = body === null ? {} : { body, duplex: "half" };
  return [target, { method, headers, signal, redirect, ...streamed }];
}
