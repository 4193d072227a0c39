/**
 * What the viewer holds, and how the page hears of changes.
 *
 * @module
 */

/** What the viewer holds, and how far it is from its bounds. */
export interface Summary {
  readonly version: string;
  readonly endpoint: string;
  readonly loopback: boolean;
  readonly storage: string;
  readonly traces: number;
  readonly spans: number;
  readonly points: number;
  readonly megabytes: number;
  readonly maxSpans: number;
  readonly maxMegabytes: number;
  readonly droppedTraces: number;
  readonly droppedSpans: number;
  readonly droppedPoints: number;
  /** Requests that could not be read, since the start. */
  readonly rejected: number;
  readonly providers: readonly string[];
}

/** What a server-sent event says: that something came, and where. */
export interface Change {
  /** The traces that changed; empty when there were too many to name, or all were cleared. */
  readonly traces: readonly string[];
  readonly metrics: boolean;
}
