/** Anything an SDK hands out as plain data, so that two runs can be compared field by field. */

/** Members that cannot be the same twice: a stack has line numbers of whoever stands between. */
const UNSTABLE_MEMBERS: ReadonlySet<string> = new Set(["stack"]);

/** Headers that the clock decides. */
const UNSTABLE_HEADERS: ReadonlySet<string> = new Set(["date"]);

/** What one run needs to describe what it got. */
export interface DescribeOptions {
  /** The emulator's `host:port`, which differs from run to run. */
  readonly host: string;
  /** What the innermost `fetch` threw, so that an error can be recognized as the very same. */
  readonly thrown: readonly unknown[];
  /** Response headers that may be missing, each a documented exception of the scenario. */
  readonly exceptHeaders?: readonly string[] | undefined;
}

/** Describes `value` down to its last own member, hidden ones included. */
export function describe(value: unknown, options: DescribeOptions): unknown {
  const { host, thrown, exceptHeaders = [] } = options;
  const open = new Set<object>();

  function visit(value: unknown): unknown {
    if (typeof value === "string") return value.replaceAll(host, "HOST");
    if (typeof value === "function") return `function ${value.name}`;
    if (typeof value !== "object" || value === null) return value;
    if (open.has(value)) return "itself";
    open.add(value);
    const described = visitObject(value);
    open.delete(value);
    return described;
  }

  function visitObject(value: object): unknown {
    if (value instanceof Uint8Array) return { bytes: [...value] };
    if (Array.isArray(value)) return value.map(visit);
    const members = { classes: classesOf(value), ...visitMembers(value) };
    if (value instanceof Headers) return { ...members, headers: visitHeaders(value) };
    if (value instanceof Response) return { ...members, ...visitResponse(value) };
    if (value instanceof ReadableStream) return { ...members, locked: value.locked };
    if (value instanceof AbortController) return { ...members, signal: visit(value.signal) };
    if (value instanceof AbortSignal) {
      return { ...members, aborted: value.aborted, reason: visit(value.reason) };
    }
    if (value instanceof Error) {
      const { name, message } = value;
      return { ...members, name, message: visit(message), thrownByFetch: thrown.indexOf(value) };
    }
    return members;
  }

  function visitMembers(value: object): Record<string, unknown> {
    // what an observed response keeps of the original is read by `visitResponse`
    const names = value instanceof Response ? Object.keys(value) : Object.getOwnPropertyNames(value);
    return Object.fromEntries(
      names.filter((name) => !UNSTABLE_MEMBERS.has(name))
        .map((name) => [name, visit((value as Record<string, unknown>)[name])]),
    );
  }

  function visitHeaders(headers: Headers): [string, string][] {
    return [...headers]
      .filter(([name]) => !UNSTABLE_HEADERS.has(name) && !exceptHeaders.includes(name))
      .map(([name, text]) => [name, text.replaceAll(host, "HOST")]);
  }

  function visitResponse(response: Response): Record<string, unknown> {
    const { url, redirected, type, status, statusText, ok, bodyUsed, headers, body } = response;
    return {
      url: visit(url),
      ...{ redirected, type, status, statusText, ok, bodyUsed },
      headers: visitHeaders(headers),
      body: visit(body),
      tag: Object.prototype.toString.call(response),
    };
  }

  return visit(value);
}

/** The names of an object's classes, its own first. */
function classesOf(value: object): string[] {
  const names: string[] = [];
  let prototype: unknown = Object.getPrototypeOf(value);
  while (typeof prototype === "object" && prototype !== null) {
    names.push(prototype.constructor.name);
    prototype = Object.getPrototypeOf(prototype);
  }
  return names;
}
