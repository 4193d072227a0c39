/**
 * What would be seen of a call: which provider and route fit its URL, which ids and usage are read, and what is
 * recorded of the URL.
 *
 * @module
 */

import { createMatcher, createSocketMatcher } from "./match.ts";
import { providers as builtin } from "./providers/mod.ts";
import { scrubUrl } from "./telemetry/scrub.ts";
import type { Operation, Provider } from "./types.ts";
import { wellKnownRoutes } from "./well_known.ts";

/** How a URL is explained. */
export interface ExplainOptions {
  /**
   * The providers that are recognized; the first that fits wins.
   *
   * @default all that ship with the library
   */
  readonly providers?: readonly Provider[] | undefined;
}

/** A route that fits. */
export interface ExplainedRoute {
  /** `POST` or `GET` of a call, `socket` of a socket. */
  readonly method: "POST" | "GET" | "socket";
  /** The end of the path that fits. */
  readonly path: string;
  /** What it does. */
  readonly operation: Operation;
  /** How its bytes are read: a file of that name. */
  readonly format: string;
}

/** What would be seen of a call. Plain data. */
export interface UrlExplanation {
  /** Whether a call or a socket there leaves a span. */
  readonly recognized: boolean;
  /** The provider: that of a route that fits, or whose host it is. For a server that is not known it is the host. */
  readonly provider?: string | undefined;
  /** Its name in `gen_ai.provider.name`. */
  readonly genAiName?: string | undefined;
  /** The routes that fit: a path can be both a call and a socket. */
  readonly routes: readonly ExplainedRoute[];
  /** The routes of the host that the path does not fit; where none fits. */
  readonly otherPaths: readonly string[];
  /** Response headers whose values are recorded as ids. Formats read those of bodies and frames besides. */
  readonly requestIdHeaders: readonly string[];
  /** Whether a stream ends with usage. */
  readonly streamedUsage?: "always" | "when asked" | "never" | undefined;
  /** The URL as `url.full` would have it. */
  readonly recordedUrl: string;
  /** What of the URL is left out: names of query parameters, `credentials`, `fragment`. */
  readonly scrubbed: readonly string[];
}

/**
 * Says what would be seen of a call to `url`. Makes no call.
 *
 * @example Why a call leaves a span
 * ```ts
 * import { explainUrl } from "@teespan/teespan";
 *
 * const { provider, routes, recordedUrl } = explainUrl("https://api.openai.com/v1/chat/completions?key=secret");
 * console.log(provider, routes[0]?.format, recordedUrl); // openai openai_chat https://…?key=REDACTED
 * ```
 *
 * @param url where the call or socket would go
 * @param options which providers are known
 * @returns what would be seen
 * @throws {TypeError} when `url` is none
 */
export function explainUrl(url: string | URL, options: ExplainOptions = {}): UrlExplanation {
  if (!URL.canParse(String(url))) {
    throw new TypeError(`Cannot explain what is no URL: current value is ${JSON.stringify(String(url))}`);
  }
  const { providers = builtin } = options;
  const target = new URL(url);
  const found = findRoutes(target, providers);
  const owner = found[0]?.provider ?? ownerOf(target, providers);
  const recordedUrl = scrubUrl(target);
  return {
    recognized: found.length > 0,
    provider: owner?.name,
    genAiName: owner && (owner.genAiName ?? owner.name),
    routes: found.map(({ route }) => route),
    otherPaths: found.length > 0 || owner === undefined
      ? []
      : [...owner.routes, ...owner.sockets ?? []].map(({ path }) => path),
    requestIdHeaders: found[0]?.provider.requestIdHeaders ?? [],
    streamedUsage: found[0]?.provider.streamedUsage,
    recordedUrl,
    scrubbed: scrubbedOf(target, recordedUrl),
  };
}

interface Found {
  readonly provider: Provider;
  readonly route: ExplainedRoute;
}

function findRoutes(url: URL, providers: readonly Provider[]): Found[] {
  const match = createMatcher(providers, wellKnownRoutes);
  const socket = createSocketMatcher(providers)(url);
  const found: Found[] = [];
  for (const method of ["POST", "GET"] as const) {
    const matched = url.protocol.startsWith("ws") ? undefined : match(method, url);
    if (matched === undefined) continue;
    const { provider, route: { path, operation, format } } = matched;
    found.push({ provider, route: { method, path, operation, format: format.name } });
  }
  if (socket !== undefined) {
    const { provider, route: { path, operation, format } } = socket;
    found.push({ provider, route: { method: "socket", path, operation, format: format.name } });
  }
  return found;
}

/** Whose host it is, found by a route that fits every path. */
function ownerOf(url: URL, providers: readonly Provider[]): Provider | undefined {
  return providers.find((provider) => {
    const [route] = provider.routes;
    const [socket] = provider.sockets ?? [];
    const path = "/**";
    return route !== undefined
      ? createMatcher([{ ...provider, routes: [{ ...route, path }] }])(route.method, url) !== undefined
      : socket !== undefined &&
        createSocketMatcher([{ ...provider, sockets: [{ ...socket, path }] }])(url) !== undefined;
  });
}

function scrubbedOf(url: URL, recordedUrl: string): string[] {
  const recorded = new URL(recordedUrl).searchParams;
  const names = [...new Set(url.searchParams.keys())].filter((name) =>
    url.searchParams.get(name) !== recorded.get(name)
  );
  return [...names, ...url.username || url.password ? ["credentials"] : [], ...url.hash ? ["fragment"] : []];
}
