import { Hono } from "hono";
import { VERSION } from "../version.ts";
import { apiRoutes } from "./api_routes.ts";
import { createBroadcaster } from "./broadcaster.ts";
import { guardReads, secureHeaders } from "./guard.ts";
import { ingestRoutes } from "./ingest.ts";
import { listen } from "./listen.ts";
import { resolveOptions, type ViewerOptions } from "./options.ts";
import { pageRoutes } from "./page_routes.ts";
import { openStore } from "./store/store.ts";

/** A running viewer. */
export interface Viewer extends AsyncDisposable {
  /** Where its page is, and the value for `OTEL_EXPORTER_OTLP_ENDPOINT`: a base URL without a slash at its end. */
  readonly url: string;
  /** The port it listens on. */
  readonly port: number;
  /** Whether nobody but this machine reaches it. */
  readonly loopback: boolean;
  /** Stops it; a second call does nothing. */
  close(): Promise<void>;
}

/**
 * Starts a viewer: an OTLP receiver for traces and metrics, with a page that shows them as they come.
 *
 * @example See the calls of an agent
 * ```ts
 * import { startTelemetry } from "@teespan/teespan";
 * import { startViewer } from "@teespan/teespan/viewer";
 *
 * await using viewer = await startViewer({ port: 0 });
 * await using telemetry = startTelemetry({ serviceName: "my-agent", endpoint: viewer.url });
 * console.log(`Look at ${viewer.url}`);
 * ```
 *
 * @param options where to listen, where to keep what comes, and how much of it
 * @returns the viewer, listening
 * @throws {TypeError} when an option has the wrong shape
 * @throws {RangeError} when one is out of bounds
 * @throws {Error} when the file cannot be opened, or the port is taken
 */
export async function startViewer(options: ViewerOptions = {}): Promise<Viewer> {
  const settings = resolveOptions(options);
  const { hostname, loopback, db, maxSpans, maxPoints, maxMegabytes, maxBodyBytes } = settings;
  const store = openStore(db, { maxSpans, maxPoints, maxBytes: maxMegabytes * 1e6 });
  const broadcaster = createBroadcaster();
  let rejected = 0;
  let url = "";
  const about = () => ({
    version: VERSION,
    endpoint: url,
    loopback,
    storage: db ?? "memory",
    maxSpans,
    maxMegabytes,
    rejected,
  });

  const app = new Hono();
  app.use(secureHeaders);
  app.route("/", ingestRoutes({ store, broadcaster, maxBodyBytes, onRejected: () => rejected++ }));
  app.use(guardReads(loopback));
  app.route("/api", apiRoutes({ store, broadcaster, about }));
  app.route("/", pageRoutes());
  app.onError((error, c) => c.json({ error: error.message }, 500));

  let server: Awaited<ReturnType<typeof listen>>;
  try {
    server = await listen((request) => app.fetch(request), hostname, settings.port);
  } catch (error) {
    store.close();
    throw error;
  }
  url = `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${server.port}`;
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> =>
    closed ??= (async () => {
      broadcaster.close();
      await server.close();
      store.close();
    })();
  return { url, port: server.port, loopback, close, [Symbol.asyncDispose]: close };
}
