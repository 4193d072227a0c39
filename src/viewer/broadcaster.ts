import type { Change } from "./api.ts";

/** Tells the pages that are open what came. */
export interface Broadcaster {
  /** Spans of these traces came or went. */
  changed(traceIds: readonly string[]): void;
  /** Points of metrics came. */
  metricsChanged(): void;
  /** A stream of server-sent events; `undefined` when there are too many already. */
  subscribe(): ReadableStream<Uint8Array> | undefined;
  /** Ends all streams. */
  close(): void;
}

/** Changes within this time are told at once: a busy agent must not make the page ask a hundred times a second. */
const GATHER_MS = 120;
const KEEP_ALIVE_MS = 15_000;
/** Beyond, a page asks for everything anyway. */
const MAX_NAMED = 50;
const MAX_PAGES = 32;
/** Messages that a page may be behind before it is cut off; it comes back by itself. */
const MAX_BEHIND = 64;

/** Makes a broadcaster. It holds a timer only while there is something to tell, or someone to keep. */
export function createBroadcaster(): Broadcaster {
  const encoder = new TextEncoder();
  const pages = new Set<ReadableStreamDefaultController<Uint8Array>>();
  let traces = new Set<string>();
  let metrics = false;
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let keepAlive: ReturnType<typeof setInterval> | undefined;

  const leave = (page: ReadableStreamDefaultController<Uint8Array>): void => {
    pages.delete(page);
    if (pages.size === 0) clearInterval(keepAlive);
  };
  const end = (page: ReadableStreamDefaultController<Uint8Array>): void => {
    leave(page);
    try {
      page.close();
    } catch {
      // it was closed already, or its reader has gone
    }
  };
  const send = (message: string): void => {
    const bytes = encoder.encode(message);
    for (const page of pages) {
      try {
        if ((page.desiredSize ?? 0) < -MAX_BEHIND) throw new Error("too far behind");
        page.enqueue(bytes);
      } catch {
        end(page);
      }
    }
  };
  const tell = (): void => {
    gathering = undefined;
    const change: Change = { traces: traces.size > MAX_NAMED ? [] : [...traces], metrics };
    traces = new Set();
    metrics = false;
    send(`event: change\ndata: ${JSON.stringify(change)}\n\n`);
  };
  const gather = (): void => {
    if (pages.size > 0) gathering ??= setTimeout(tell, GATHER_MS);
  };

  return {
    changed(traceIds) {
      if (pages.size === 0) return;
      for (const traceId of traceIds) traces.add(traceId);
      gather();
    },
    metricsChanged() {
      metrics = pages.size > 0;
      gather();
    },
    subscribe() {
      if (pages.size >= MAX_PAGES) return undefined;
      let own: ReadableStreamDefaultController<Uint8Array>;
      return new ReadableStream<Uint8Array>({
        start(page) {
          own = page;
          if (pages.size === 0) keepAlive = setInterval(() => send(": still here\n\n"), KEEP_ALIVE_MS);
          pages.add(page);
          page.enqueue(encoder.encode("retry: 1000\nevent: hello\ndata: {}\n\n"));
        },
        cancel: () => leave(own),
      });
    },
    close() {
      clearTimeout(gathering);
      for (const page of pages) end(page);
    },
  };
}
