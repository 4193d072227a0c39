/**
 * Cases by which a wrapped `fetch` and a wrapped `WebSocket` are judged: whatever the platform does, right or not, the
 * wrapped one does. They are those of the Web Platform Tests (`fetch/api`, `streams`, `websockets`). Imports nothing,
 * so that every runtime can have them.
 *
 * @see {@link https://github.com/web-platform-tests/wpt}
 */

/** Makes a call that is recognized; the server answers by the name of the answer. */
export type Call = (answer: string, init?: RequestInit) => Promise<Response>;

/** What a case is given: the platform's, or the wrapped. */
export interface Peer {
  readonly call: Call;
  readonly WebSocket: typeof globalThis.WebSocket;
  /** The address of a socket whose server does that. */
  socketUrl(what: string): string;
}

/** One case. */
export interface Judged {
  readonly name: string;
  /** Gives what is to be the same. */
  readonly run: (peer: Peer) => unknown;
}

/** A case of calls alone. */
export interface JudgedCall {
  readonly name: string;
  readonly run: (call: Call) => unknown;
}

/** Where the servers are. */
export interface Servers {
  /** Base URL of what answers calls. */
  readonly calls: string;
  /** Base URL of what opens sockets. */
  readonly sockets: string;
}

/** What uses these, against those servers. */
export function createPeer(
  { fetch, WebSocket }: Pick<typeof globalThis, "fetch" | "WebSocket">,
  { calls, sockets }: Servers,
): Peer {
  return {
    // those without a body are made as others, for they are no calls of a model
    call: (answer, init) =>
      fetch(`${calls}/v1/chat/completions?answer=${answer}`, {
        method: "POST",
        body: '{"model":"m"}',
        ...init,
      }),
    WebSocket,
    socketUrl: (what) => `${sockets}/v1/speak?do=${what}`,
  };
}

/** How often a platform is asked whose own results vary. */
const TRIES = 4;

/** Longer than anything takes that does not hang. */
const PATIENCE_MS = 3000;

/** Runs a case for both; gives where the wrapped one differs from all that the platform did, if it does. */
export async function judge({ run }: Judged, platform: Peer, wrapped: Peer): Promise<string | undefined> {
  let expected = await result(run, platform);
  const actual = await result(run, wrapped);
  for (let tries = 1; tries < TRIES && actual !== expected; tries++) expected = await result(run, platform);
  if (actual === expected) return undefined;
  const at = [...actual].findIndex((letter, index) => letter !== expected[index]);
  const around = (text: string): string => text.slice(Math.max(at - 120, 0), at + 120);
  return `platform …${around(expected)}…\nwrapped  …${around(actual)}…`;
}

async function result(run: Judged["run"], peer: Peer): Promise<string> {
  const ended = await within(PATIENCE_MS, ending(() => run(peer)));
  return JSON.stringify(ended, (_key, value) => value === undefined ? "undefined" : value);
}

/** What `work` comes to, or that it hangs. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | "it hangs"> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<"it hangs">((resolve) => {
    timer = setTimeout(() => resolve("it hangs"), milliseconds);
  });
  try {
    return await Promise.race([work, patience]);
  } finally {
    clearTimeout(timer);
  }
}

/** What most answers say. */
export const TEXT = "first, second, third: ÄÖÜ €";
/** The same in bytes. */
export const bytes = new TextEncoder().encode(TEXT);
/** Why the caller stops. */
export const abortReason = new Error("the caller's own reason");

/** How something ended: with its value, or its error's class, name and text. */
export async function ending(work: () => unknown): Promise<unknown> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: describe(error) };
  }
}

/** An error as it is compared. */
export function describe(error: unknown): unknown {
  if (error === abortReason) return "the caller's own reason";
  return error instanceof Error ? [error.constructor.name, error.name, error.message] : error;
}

/** How far a response has been read. */
export function state({ bodyUsed, body }: Response): unknown {
  return { bodyUsed, locked: body?.locked, body: body === null ? null : body?.constructor.name };
}

/** What a response says before its body. */
export function head(response: Response): unknown {
  const { status, statusText, ok, redirected, type, url, headers } = response;
  const known = [...headers].filter(([name]) => name !== "date");
  return { status, statusText, ok, redirected, type, path: url.replace(/^.*:\d+/, ""), known };
}

/** What reads a whole body. */
export const methods = ["text", "json", "arrayBuffer", "blob", "bytes", "formData"] as const;

/** Reads a whole body, as plain data. */
export async function consume(response: Response, method: (typeof methods)[number]): Promise<unknown> {
  const value: unknown = await response[method]();
  if (value instanceof ArrayBuffer) return ["ArrayBuffer", ...new Uint8Array(value)];
  if (value instanceof Blob) return ["Blob", value.type, await value.text()];
  if (value instanceof FormData) {
    return Promise.all(
      [...value].map(async (
        [name, one],
      ) => [name, typeof one === "string" ? one : [one.name, await one.text()]]),
    );
  }
  return value instanceof Uint8Array ? ["Uint8Array", ...value] : value;
}

/** Reads a stream as text. */
export async function readAll(body: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true });
  return text;
}
