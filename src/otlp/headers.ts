/**
 * Headers of export requests: a record, or what makes one.
 *
 * @module
 */

/** Headers by name. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** Headers, or a function that gives those of the next request. */
export type HeaderSource = RequestHeaders | (() => RequestHeaders | Promise<RequestHeaders>);

type HeaderFunction = () => RequestHeaders | Promise<RequestHeaders>;

/** Whether it is a record of texts. */
export function areHeaders(value: unknown): value is RequestHeaders {
  return typeof value === "object" && value !== null &&
    Object.values(value).every((header) => typeof header === "string");
}

/** Those of `source` over others, whose names are in small letters. */
export function headersOver(below: RequestHeaders, source: HeaderSource = {}): HeaderSource {
  if (typeof source !== "function") return { ...below, ...lowerKeys(source) };
  const over = (headers: RequestHeaders): RequestHeaders => {
    if (!areHeaders(headers)) throw new Error("Cannot export as headers() must give a record of texts");
    return { ...below, ...lowerKeys(headers) };
  };
  return () => {
    const headers = source();
    return isPromise(headers) ? headers.then(over) : over(headers);
  };
}

/**
 * The function as the official exporter takes it, with a bound: there, a promise that stays pending would hold a
 * place in its queue for ever.
 */
export function headersWithin(
  source: HeaderFunction,
  timeoutMs: number,
): () => Promise<Record<string, string>> {
  return async () => {
    const headers = source();
    if (!isPromise(headers)) return { ...headers };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<never>((_, reject) => {
      const error = new Error(`Cannot export as headers() must settle within ${timeoutMs} ms`);
      timer = setTimeout(() => reject(error), timeoutMs);
    });
    try {
      return { ...await Promise.race([headers, timeout]) };
    } finally {
      clearTimeout(timer);
    }
  };
}

/** Headers with their names in small letters. */
export function lowerKeys(headers: RequestHeaders): RequestHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | undefined)?.then === "function";
}
