/**
 * What a call of `fetch` says, read without touching its body stream.
 *
 * @module
 */

import type { CallRequest, Facts, HeaderLookup, HttpFormat } from "../types.ts";

/** A call of `fetch`. */
export interface Call {
  /** HTTP method, in capitals. */
  readonly method: string;
  /** Where it goes. */
  readonly url: URL;
  /** What aborts it. */
  readonly signal: AbortSignal | undefined;
  /** Its headers, as given. */
  readonly headers: HeadersInit | undefined;
  /** Its body, if it is at hand; that of a `Request` is a stream and never read. */
  readonly body: unknown;
}

/** Beyond this the request body is not parsed, and its facts are absent. */
const MAX_REQUEST_BYTES = 1024 * 1024;

/** Beyond this a request body that is no JSON is not shown to formats: it is more than text to be spoken. */
const MAX_OTHER_BYTES = 64 * 1024;

/** Header of the SDKs that Stainless generates (openai, anthropic, groq, …): which try this is, from 0. */
const RETRY_COUNT_HEADER = "x-stainless-retry-count";

/**
 * Reads the arguments of `fetch`; `undefined` when they have no URL to look up, or are such that the call cannot be
 * made: whoever is called will say so.
 */
export function readCall(input: RequestInfo | URL, init: RequestInit | undefined): Call | undefined {
  try {
    const request = typeof input === "object" && "url" in input ? input : undefined;
    const url = parseUrl(request?.url ?? String(input));
    return url && {
      method: (init?.method ?? request?.method ?? "GET").toUpperCase(),
      url,
      signal: asSignal(init?.signal === undefined ? request?.signal : init.signal),
      headers: init?.headers ?? request?.headers,
      body: init?.body,
    };
  } catch {
    return undefined;
  }
}

/** The signal; nothing where it is none, which whoever is called will say. */
export function asSignal(signal: AbortSignal | null | undefined): AbortSignal | undefined {
  return typeof signal?.addEventListener === "function" ? signal : undefined;
}

/** The request as formats see it. */
export function callRequest({ url, headers, body }: Call): CallRequest {
  return { url, headers: readHeaders(headers), ...readBody(body) };
}

/** The headers; none where they are such that the call cannot be made: whoever is called will say so. */
export function readHeaders(headers: HeadersInit | undefined): Headers {
  try {
    return new Headers(headers);
  } catch {
    return new Headers();
  }
}

/** None. Not `Headers`: in Node the first of those loads all of its `fetch`, which an import must not. */
export const NO_HEADERS: HeaderLookup = { get: () => null };

/** What the request says. */
export function requestFacts(format: HttpFormat, request: CallRequest): Facts {
  const retryCount = request.headers.get(RETRY_COUNT_HEADER);
  return {
    ...format.request(request),
    retryCount: retryCount !== null && /^\d{1,4}$/.test(retryCount) ? Number(retryCount) : undefined,
  };
}

/** The URL; nothing where there is none. */
export function parseUrl(url: string): URL | undefined {
  try {
    return new URL(url, globalThis.location?.href);
  } catch {
    return undefined; // not ours to report: whoever is called will
  }
}

function readBody(body: unknown): Pick<CallRequest, "json" | "form" | "text" | "bytes"> {
  if (body instanceof FormData) return { json: undefined, form: formTexts(body) };
  const isText = typeof body === "string";
  if (!isText && !(body instanceof Uint8Array) || body.length > MAX_REQUEST_BYTES) return { json: undefined };
  const json = parseJson(isText ? body : new TextDecoder().decode(body));
  if (json !== undefined || body.length > MAX_OTHER_BYTES) return { json };
  // a copy: the caller may go on to use its bytes
  return isText ? { json, text: body } : { json, bytes: new Uint8Array(body) };
}

/** Files are not texts; an upload's content is never looked at. */
function formTexts(form: FormData): HeaderLookup {
  return {
    get(name) {
      const value = form.get(name);
      return typeof value === "string" ? value : null;
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
