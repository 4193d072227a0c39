/**
 * Request handlers of the AWS SDK for JavaScript v3, with calls of known services observed. Nothing of the SDK is
 * imported: a handler is told by its shape.
 *
 * @module
 */

import { isStreamed, tapBody } from "../stream/body.ts";
import { shield } from "../stream/shield.ts";
import type { HeaderLookup } from "../types.ts";
import { type Call, parseUrl } from "./call.ts";
import { followCall, openCall } from "./follow.ts";
import { noteResponse, type Observation, ReadingObserver } from "./observation.ts";
import { type Instrumentation, type InstrumentOptions, resolveInstrumentation } from "./options.ts";
import { openTwoWay } from "./two_way.ts";

/** What is used of a request handler: `NodeHttp2Handler`, `NodeHttpHandler`, `FetchHttpHandler`, one of your own. */
export interface RequestHandler {
  /** Sends a request. */
  handle(...all: never[]): Promise<unknown>;
}

/** A request of the SDK. Its body may be replaced. */
interface HandledRequest {
  readonly method?: string;
  readonly protocol?: string;
  readonly hostname?: string;
  readonly port?: number | null;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers?: Readonly<Record<string, string>>;
  body?: unknown;
}

/** An answer of the SDK's handlers. Its body may be replaced. */
interface HandledAnswer {
  readonly response: {
    readonly statusCode: number;
    readonly headers?: Readonly<Record<string, string>>;
    body?: unknown;
  };
}

type Handle = (request: HandledRequest, ...rest: unknown[]) => Promise<HandledAnswer>;

/** Wrapped handlers and what they wrap, so that wrapping twice does not count twice. */
const originals = new WeakMap<object, RequestHandler>();

/**
 * Wraps a request handler of the AWS SDK v3: each call of a recognized service leaves a span with its request ids,
 * timing and usage, and is otherwise untouched. What goes both ways over HTTP/2, such as Transcribe's streams and
 * Nova Sonic's, passes neither `fetch` nor a socket: this is where it can be seen.
 *
 * Requests and answers are the same objects; of bodies each piece is read when the SDK or its caller reads it. The SDK
 * leaves a stream open whose reading is broken off: whoever does that should abort it, too, or its span waits. A
 * `FetchHttpHandler` on a wrapped `fetch` is seen there already, and needs no wrapping.
 *
 * @example A client through it
 * ```ts
 * import { instrumentRequestHandler } from "@teespan/teespan/core";
 * import { awsTranscribe } from "@teespan/teespan/providers/aws_transcribe";
 * import { bedrock } from "@teespan/teespan/providers/bedrock";
 * import { NodeHttp2Handler } from "@smithy/node-http-handler";
 *
 * const requestHandler = instrumentRequestHandler(new NodeHttp2Handler(), { providers: [awsTranscribe, bedrock] });
 * // new BedrockRuntimeClient({ region: "us-east-1", requestHandler });
 * // new TranscribeStreamingClient({ region: "us-east-1", requestHandler });
 * requestHandler.destroy();
 * ```
 *
 * @param handler what to wrap; one that was wrapped before is wrapped anew, not twice
 * @param options how
 * @returns a handler used like the given one, which it is but for `handle`
 * @throws {TypeError} when `handler` has no `handle` or an option has the wrong shape
 */
export function instrumentRequestHandler<H extends RequestHandler>(
  handler: H,
  options: InstrumentOptions,
): H {
  return wrapRequestHandler(handler, resolveInstrumentation(options));
}

/**
 * Checks what is to be wrapped.
 *
 * @throws {TypeError} when it has no `handle`
 */
export function checkRequestHandler(handler: RequestHandler): void {
  if (typeof handler?.handle === "function") return;
  throw new TypeError(
    `Cannot instrument a request handler as it must have a method "handle": current value is ${
      String(handler)
    }`,
  );
}

/**
 * Wraps a handler with options that are resolved.
 *
 * @throws {TypeError} when `handler` has no `handle`
 */
export function wrapRequestHandler<H extends RequestHandler>(
  handler: H,
  instrumentation: Instrumentation,
): H {
  checkRequestHandler(handler);
  const original = (originals.get(handler) ?? handler) as H;
  const { onTrouble } = instrumentation;

  const handle: Handle = (request, ...rest) => {
    const send = (): Promise<HandledAnswer> => (original.handle as Handle)(request, ...rest);
    const follow = shield("match", onTrouble, () => observe(instrumentation, request, signalAmong(rest)));
    return follow === undefined ? send() : follow(send);
  };

  // a handler keeps its state in members, and may keep it in private ones: all else is done by the original itself
  const wrapped = new Proxy(original, {
    get(target, name) {
      if (name === "handle") return handle;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" && name !== "constructor" ? value.bind(target) : value;
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
  originals.set(wrapped, original);
  return wrapped;
}

type Follow = (send: () => Promise<HandledAnswer>) => Promise<HandledAnswer>;

/** Gives what follows the request, if it goes to a service that is known. */
function observe(
  instrumentation: Instrumentation,
  request: HandledRequest,
  signal: AbortSignal | undefined,
): Follow | undefined {
  const call = readRequest(request, signal);
  if (call === undefined) return undefined;
  return followTwoWay(instrumentation, request, call) ?? followOne(instrumentation, call);
}

/** A call that is asked once, and answered once. */
function followOne(instrumentation: Instrumentation, call: Call): Follow | undefined {
  const observation = openCall(instrumentation, call);
  // nothing is sent before it is followed, so what is thrown at once is seen, too
  return observation && ((send) => followCall(observation, call, soon(send), observeAnswer));
}

/** A stream of events in both directions. */
function followTwoWay(
  instrumentation: Instrumentation,
  request: HandledRequest,
  call: Call,
): Follow | undefined {
  if (call.method !== "POST" || !isStreamed(request.body)) return undefined;
  const headers = lookUp(request.headers);
  const stream = openTwoWay(instrumentation, call.url, headers, call.signal);
  if (stream === undefined) return undefined;
  request.body = tapBody(request.body, stream.outgoing);
  return async (send) => {
    let answer: HandledAnswer;
    try {
      answer = await send();
    } catch (error) {
      stream.failed(error);
      throw error;
    }
    shield("read", instrumentation.onTrouble, () => {
      const { response } = answer;
      const incoming = stream.answered(response.statusCode, lookUp(response.headers));
      if (incoming !== undefined) response.body = tapBody(response.body, incoming, call.signal);
    });
    return answer;
  };
}

/** Reads the answer's headers, and lets its body be read as it passes. */
function observeAnswer(observation: Observation, answer: HandledAnswer): HandledAnswer {
  const { response } = answer;
  const { attempt, format, request, signal } = observation;
  const headers = lookUp(response.headers);
  const seen = { status: response.statusCode, headers };
  noteResponse(observation, seen);
  const { body } = response;
  // an empty body that says so is often left unread
  if (!isStreamed(body) && !(body instanceof Uint8Array) || headers.get("content-length") === "0") {
    attempt.end("success");
    return answer;
  }
  const observer = new ReadingObserver(observation, format.read(seen, attempt, request));
  const tapped = tapBody(body, observer, signal);
  response.body = tapped;
  if (isStreamed(tapped)) observer.watch(tapped);
  return answer;
}

/** The request as calls of `fetch` are read; nothing where it is for a socket. */
function readRequest(request: HandledRequest, signal: AbortSignal | undefined): Call | undefined {
  const { method = "GET", protocol = "https:", hostname, port, path = "/", query = {}, body } = request;
  const url = parseUrl(`${protocol}//${hostname}${port ? `:${port}` : ""}${path}`);
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined;
  for (const [name, value] of Object.entries(query)) {
    for (const one of typeof value === "string" ? [value] : value ?? []) url.searchParams.append(name, one);
  }
  // HTTP/2 has headers that are none
  const headers = Object.entries(request.headers ?? {}).filter(([name]) => !name.startsWith(":"));
  return { method: method.toUpperCase(), url, signal, headers, body };
}

/** The signal that the SDK hands on, if it is the platform's. */
function signalAmong([options]: readonly unknown[]): AbortSignal | undefined {
  const { abortSignal } = Object(options) as { readonly abortSignal?: unknown };
  return abortSignal instanceof AbortSignal ? abortSignal : undefined;
}

/** Headers of the SDK: their names are not always in small letters. */
function lookUp(headers: Readonly<Record<string, string>> = {}): HeaderLookup {
  const values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { get: (name) => values.get(name.toLowerCase()) ?? null };
}

async function soon<T>(send: () => Promise<T>): Promise<T> {
  return await send();
}
