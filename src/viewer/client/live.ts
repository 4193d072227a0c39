import { signal } from "@preact/signals";
import type { Change } from "../api.ts";

/** Whether the viewer is reached. */
export const connection = signal<"connecting" | "live" | "lost">("connecting");

/** What changed last. A new object for each change. */
export const change = signal<Change>({ traces: [], metrics: true });

/** Whether something may have come while nobody listened. */
let missed = false;

/** Listens to the viewer; the browser connects again by itself. */
export function listen(): void {
  const source = new EventSource("/api/events");
  source.addEventListener("hello", () => {
    connection.value = "live";
    // what came while nobody listened is asked for
    if (missed) change.value = { traces: [], metrics: true };
    missed = false;
  });
  source.addEventListener("change", (event: MessageEvent<string>) => {
    change.value = JSON.parse(event.data) as Change;
  });
  source.addEventListener("error", () => {
    connection.value = "lost";
    missed = true;
    // A refused connection is given up for good by the browser: then we try again.
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
}
