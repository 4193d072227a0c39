/**
 * Request → route, or nothing. Done once for each call; from there on the matched row is passed.
 *
 * @module
 */

import type { Provider, Route, SocketRoute } from "./types.ts";

/** A recognized call or socket. */
export interface Match<R = Route> {
  /** Whose it is. */
  readonly provider: Provider;
  /** Which of its routes. */
  readonly route: R;
}

/** Finds the route of a call. */
export type Matcher = (method: string, url: URL) => Match | undefined;

/** Finds the route of a socket. */
export type SocketMatcher = (url: URL) => Match<SocketRoute> | undefined;

interface Entry<R> extends Match<R> {
  readonly path: RegExp;
}

/** A host with `*` in it. Its literal end is looked at first. */
interface HostPattern<R> {
  readonly end: string;
  readonly whole: RegExp;
  readonly entries: readonly Entry<R>[];
}

/**
 * Prepares the look-up of `providers`: the first row and route that fit win. A host that no row names costs one
 * look-up.
 *
 * @param doors routes that are so well known that they are recognized on any host; it then is the provider's name
 * @throws {TypeError} when a row lacks what it needs
 */
export function createMatcher(providers: readonly Provider[], doors: readonly Route[] = []): Matcher {
  const find = indexHosts(providers, ({ routes }) => routes);
  const anyHost = doors.map((route) => ({ route, path: pathPattern(route.path) }));
  return (method, { host, pathname }) => {
    const fits = ({ route, path }: Pick<Entry<Route>, "route" | "path">): boolean =>
      route.method === method && path.test(pathname);
    const entries = find(host);
    const entry = entries.find(fits);
    if (entry !== undefined) return entry;
    const door = anyHost.find(fits);
    return door &&
      { provider: entries[0]?.provider ?? unnamedProvider(host, door.route), route: door.route };
  };
}

/**
 * Prepares the look-up of the sockets of `providers`.
 *
 * @throws {TypeError} when a row lacks what it needs
 */
export function createSocketMatcher(providers: readonly Provider[]): SocketMatcher {
  const find = indexHosts(providers, ({ sockets = [] }) => sockets);
  return ({ host, pathname, searchParams }) =>
    find(host).find(({ path, route: { query = {} } }) =>
      path.test(pathname) &&
      Object.entries(query).every(([name, value]) => searchParams.get(name) === value)
    );
}

/**
 * Prepares the look-up of hosts alone. The result takes a host with its port, where that is not the scheme's own.
 *
 * @throws {TypeError} when one is no host name
 */
export function createHostMatcher(hosts: readonly string[]): (host: string) => boolean {
  const odd = hosts.find((host) => typeof host !== "string" || !HOST.test(host));
  if (odd !== undefined) {
    throw new TypeError(
      `Cannot match a host that is no name without scheme and path: current value is ${JSON.stringify(odd)}`,
    );
  }
  const names = new Set(hosts.filter((host) => !host.includes("*")));
  const patterns = hosts.filter((host) => host.includes("*")).map(hostPattern);
  return (host) => names.has(host) || patterns.some((pattern) => fitsHost(pattern, host));
}

/** A host's name with its port; `*` stands for any characters, but not at the end, where anyone could register. */
const HOST = /^[^/\s@]*[^/\s@*]$/;

/** Routes by host: exact names in a table, patterns after it. */
function indexHosts<R extends { readonly path: string }>(
  providers: readonly Provider[],
  routesOf: (provider: Provider) => readonly R[],
): (host: string) => readonly Entry<R>[] {
  const byHost = new Map<string, Entry<R>[]>();
  const patterns: HostPattern<R>[] = [];
  for (const provider of providers) {
    checkProvider(provider);
    const entries = routesOf(provider).map((route) => ({ provider, route, path: pathPattern(route.path) }));
    for (const host of provider.hosts) {
      if (host.includes("*")) patterns.push({ ...hostPattern(host), entries });
      else byHost.set(host, [...byHost.get(host) ?? [], ...entries]);
    }
  }
  return (host) =>
    byHost.get(host) ??
      patterns.filter((pattern) => fitsHost(pattern, host)).flatMap(({ entries }) => entries);
}

/** The row of a host that no row names. */
function unnamedProvider(host: string, route: Route): Provider {
  return {
    name: host,
    hosts: [host],
    routes: [route],
    requestIdHeaders: ["x-request-id", "request-id"],
    streamedUsage: "when asked",
    evidence: "",
    verifiedBy: [],
  };
}

function fitsHost({ end, whole }: Pick<HostPattern<unknown>, "end" | "whole">, host: string): boolean {
  return host.endsWith(end) && whole.test(host);
}

/** A host in which `*` stands for any characters. */
function hostPattern(host: string): Pick<HostPattern<unknown>, "end" | "whole"> {
  return {
    end: host.slice(host.lastIndexOf("*") + 1),
    whole: new RegExp(`^${host.split("*").map(escape).join(".+")}$`),
  };
}

/** The end of a path, whole segments; `*` stands for any characters but `/`, `**` for any. */
function pathPattern(path: string): RegExp {
  const parts = path.split(/(\*+)/).map((part) =>
    part === "*" ? "[^/]+" : part === "**" ? ".+" : escape(part)
  );
  return new RegExp(`${parts.join("")}$`);
}

function escape(text: string): string {
  return text.replace(/[\\^$.+?()[\]{}|]/g, "\\$&");
}

function checkProvider(provider: Provider): void {
  const fault = faultOf(provider);
  if (fault === undefined) return;
  throw new TypeError(`Cannot use provider ${JSON.stringify(provider?.name)} as ${fault}`);
}

function faultOf(provider: Provider): string | undefined {
  if (typeof provider !== "object" || provider === null) {
    return `a row must be an object: current value is ${provider}`;
  }
  if (typeof provider.name !== "string" || provider.name === "") {
    return "name must be a text that is not empty";
  }
  if (!isTexts(provider.hosts)) return "hosts must be a list of host names that is not empty";
  const odd = provider.hosts.find((host) => !HOST.test(host));
  if (odd !== undefined) return `a host must be a name without scheme and path: current value is "${odd}"`;
  const { routes, sockets = [] } = provider;
  if (!Array.isArray(routes) || !Array.isArray(sockets)) return "routes and sockets must be lists";
  if (routes.length + sockets.length === 0) return "a row must have a route or a socket";
  const path = [...routes, ...sockets].find((route) =>
    typeof route?.path !== "string" || !route.path.startsWith("/")
  );
  if (path !== undefined) {
    return `a route's path must begin with "/": current value is ${JSON.stringify(path?.path)}`;
  }
  if (!Array.isArray(provider.requestIdHeaders)) return "requestIdHeaders must be a list of header names";
  return undefined;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 &&
    value.every((item) => typeof item === "string" && item !== "");
}
