/**
 * The trace's headers on requests to hosts that were listed, and on no other.
 *
 * @module
 */

import { createHostMatcher } from "../match.ts";
import { type Propagator, traceHeaders } from "../telemetry/propagation.ts";
import type { Context } from "../telemetry/scope.ts";

/** Gives the headers for a request in that context; `undefined` where it is to stay untouched. */
export type Propagate = (url: URL, context: Context) => Readonly<Record<string, string>> | undefined;

/**
 * Prepares propagation; `undefined` without hosts, so that it then costs nothing.
 *
 * @throws {TypeError} when one is no host name
 */
export function createPropagate(
  hosts: readonly string[] | undefined = [],
  propagator: Propagator,
): Propagate | undefined {
  if (!Array.isArray(hosts)) {
    throw new TypeError(
      `Cannot instrument as propagateTo must be a list of hosts: current value is ${String(hosts)}`,
    );
  }
  const fits = createHostMatcher(hosts);
  if (hosts.length === 0) return undefined;
  return (url, context) => {
    if (!fits(url.host)) return undefined;
    const headers = traceHeaders(propagator, context);
    return Object.keys(headers).length > 0 ? headers : undefined;
  };
}

/** The arguments of `fetch`, with headers added. */
export function addToCall(
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  added: Readonly<Record<string, string>>,
): [RequestInfo | URL, RequestInit] {
  const request = typeof input === "object" && "headers" in input ? input : undefined;
  // a `Request` as second argument has nothing that could be spread
  if (init instanceof Request) return addToCall(new Request(input, init), undefined, added);
  return [input, { ...init, headers: mergeHeaders(init?.headers ?? request?.headers, added) }];
}

/** Options of sockets that take headers: those of Deno, Bun, Node and `ws`. */
interface HeaderOptions {
  readonly headers?: HeadersInit;
}

/** The arguments of a `WebSocket` class, with headers added where it takes some. */
export function addToSocket(
  Class: typeof globalThis.WebSocket,
  all: readonly unknown[],
  added: Readonly<Record<string, string>>,
): readonly unknown[] {
  const [address, second, third] = all;
  if (isRecord(second)) return [address, addToOptions(second, added), ...all.slice(2)];
  if ("emit" in Class.prototype) return [address, second, addToOptions(Object(third), added)];
  if (!takesHeaders(Class)) return all;
  const protocols = typeof second === "string" ? [second] : second ?? [];
  return [address, { protocols, headers: added }];
}

/** The arguments of a `WebSocketStream` class, with headers added: where it takes none it ignores them. */
export function addToStream<O extends HeaderOptions>(
  url: string,
  options: O | undefined,
  added: Readonly<Record<string, string>>,
): [string, O] {
  return [url, addToOptions(options ?? {} as O, added)];
}

function addToOptions<O extends HeaderOptions>(options: O, added: Readonly<Record<string, string>>): O {
  return { ...options, headers: mergeHeaders(options.headers, added) };
}

/** What the caller set stays. A record stays a record: `ws` takes nothing else. */
function mergeHeaders(given: HeadersInit | undefined, added: Readonly<Record<string, string>>): HeadersInit {
  if (given === undefined) return { ...added };
  const names = isRecord(given) ? Object.keys(given) : [...new Headers(given).keys()];
  if (names.some((name) => name.toLowerCase() === "traceparent")) return given;
  if (isRecord(given)) return { ...given as Readonly<Record<string, string>>, ...added };
  const merged = new Headers(given);
  for (const [name, value] of Object.entries(added)) merged.set(name, value);
  return merged;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !(Symbol.iterator in value);
}

/** Whether it is the class of a server runtime; those of browsers and Workers take protocols and nothing else. */
function takesHeaders({ prototype }: typeof globalThis.WebSocket): boolean {
  const { Deno, process, navigator } = globalThis as {
    readonly Deno?: unknown;
    readonly process?: { readonly versions?: { readonly node?: string } };
    readonly navigator?: { readonly userAgent?: string };
  };
  if (navigator?.userAgent === "Cloudflare-Workers") return false;
  const server = Deno !== undefined || process?.versions?.node !== undefined;
  return server && Object.prototype.toString.call(prototype) === "[object WebSocket]";
}
