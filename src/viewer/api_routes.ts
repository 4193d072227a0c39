import { type Context, Hono } from "hono";
import type { Summary } from "./api.ts";
import type { Broadcaster } from "./broadcaster.ts";
import type { Store } from "./store/store.ts";
import { traceStatuses } from "./store/trace_query.ts";

/** What the routes of the page's data need. */
export interface Api {
  readonly store: Store;
  readonly broadcaster: Broadcaster;
  /** What the viewer knows of itself. */
  readonly about: () => Pick<
    Summary,
    "version" | "endpoint" | "loopback" | "storage" | "maxSpans" | "maxMegabytes" | "rejected"
  >;
}

const PAGE = 60;

/** The routes that the page asks. All read, but for the one that forgets everything. */
export function apiRoutes({ store, broadcaster, about }: Api): Hono {
  const app = new Hono();
  app.get("/summary", (c) => {
    const { bytes, ...fill } = store.fill();
    return c.json({ ...about(), ...fill, megabytes: bytes / 1e6 } satisfies Summary);
  });
  app.get("/traces", (c) => {
    const slowSeconds = number(c, "slow");
    const status = c.req.query("status");
    return c.json(store.traces({
      provider: c.req.query("provider"),
      status: traceStatuses.find((known) => known === status),
      slowSeconds: slowSeconds !== undefined && slowSeconds > 0 ? slowSeconds : undefined,
      cursor: c.req.query("cursor"),
      limit: Math.min(200, Math.max(1, Math.floor(number(c, "limit") ?? PAGE))),
    }));
  });
  app.get("/traces/:traceId", (c) => {
    const trace = store.trace(c.req.param("traceId"));
    return trace === undefined ? missing(c, "trace") : c.json(trace);
  });
  app.get("/traces/:traceId/spans/:spanId", (c) => {
    const span = store.span(c.req.param("traceId"), c.req.param("spanId"));
    return span === undefined ? missing(c, "span") : c.json(span);
  });
  app.get("/search", (c) => c.json({ hits: store.search(c.req.query("q") ?? "") }));
  app.get(
    "/charts",
    (c) => c.json(store.charts({ sinceMs: number(c, "since"), provider: c.req.query("provider") })),
  );
  app.get("/metrics", (c) => c.json({ metrics: store.metrics() }));
  app.delete("/traces", (c) => {
    store.clear();
    broadcaster.changed([]);
    return c.body(null, 204);
  });
  app.get("/events", (c) => {
    const stream = broadcaster.subscribe();
    if (stream === undefined) return c.text("Too many pages are open\n", 503);
    return c.body(stream, 200, { "content-type": "text/event-stream" });
  });
  app.all("*", (c) => c.json({ error: "There is no such path" }, 404));
  return app;
}

function missing(c: Context, what: string): Response {
  return c.json({ error: `This ${what} is not kept, or not any more` }, 404);
}

function number(c: Context, name: string): number | undefined {
  const text = c.req.query(name);
  const value = text === undefined || text === "" ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
