/**
 * A viewer of traces, for developers of agents: a local OTLP receiver with a page that shows conversations, turns and
 * calls to providers as they come, and the ids that support asks for.
 *
 * Run it as a program, and point an agent at it:
 *
 * ```sh
 * deno run --allow-net=127.0.0.1:4318 jsr:@teespan/teespan/viewer
 * OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 deno run -A agent.ts
 * ```
 *
 * @example Start one from code
 * ```ts
 * import { startViewer } from "@teespan/teespan/viewer";
 *
 * await using viewer = await startViewer({ port: 0 });
 * console.log(`Look at ${viewer.url}`);
 * ```
 *
 * @module
 */

import { runViewer } from "./cli.ts";

export type { ViewerOptions } from "./options.ts";
export { startViewer, type Viewer } from "./viewer.ts";

if (import.meta.main) await runViewer();
