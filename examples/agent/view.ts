/** The demo's call in the viewer, with `--view`. */

import { startViewer, type Viewer } from "@teespan/teespan/viewer";

/** Starts the viewer on its own port, or on any free one when another holds that. */
export async function startView(): Promise<Viewer> {
  try {
    return await startViewer();
  } catch {
    return await startViewer({ port: 0 });
  }
}

/** The address of the latest call's page. */
export async function latestCall({ url }: Viewer): Promise<string> {
  const response = await fetch(`${url}/api/traces?limit=1`);
  const { rows: [latest] } = await response.json() as { rows: readonly { traceId: string }[] };
  return latest === undefined ? url : `${url}/traces/${latest.traceId}`;
}

/** Waits for Ctrl-C. */
export async function untilInterrupted(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  Deno.addSignalListener("SIGINT", resolve);
  await promise;
  Deno.removeSignalListener("SIGINT", resolve);
}
